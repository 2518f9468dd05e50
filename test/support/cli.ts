/** Runs the terminal program in a separate process, built as it ships. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { glob, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { closeServers } from './loopback.ts'
import { removeTempDirs } from './temp-dir.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** Names another Node.js to run the terminal on, because it supports older versions than the tests. */
const NODE = process.env.CLI_NODE ?? process.execPath

let built: Promise<string> | undefined

/** Path of the built program: `dist/cli.js`, or a new build if that is missing or older than its sources. */
export function builtCli(): Promise<string> {
  built ??= build()
  return built
}

async function build(): Promise<string> {
  const shipped = path.join(ROOT, 'dist/cli.js')
  if (await isFresh(shipped)) return shipped
  const outdir = mkdtempSync(path.join(tmpdir(), 'rti-cli-'))
  process.on('exit', () => rmSync(outdir, { recursive: true, force: true }))
  writeFileSync(path.join(outdir, 'package.json'), '{"type":"module"}')
  const script = path.join(ROOT, 'esbuild.mjs')
  await promisify(execFile)(process.execPath, [script, '--only=cli', `--outdir=${outdir}`], { cwd: ROOT })
  return path.join(outdir, 'cli.js')
}

async function isFresh(file: string): Promise<boolean> {
  const builtAt = await modified(file)
  for (const pattern of ['src/**/*.ts', 'package.json', 'esbuild.mjs']) {
    for await (const source of glob(pattern, { cwd: ROOT }))
      if ((await modified(path.join(ROOT, source))) > builtAt) return false
  }
  return true
}

async function modified(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined)
  return found?.mtimeMs ?? 0
}

/** A session line that the program prints. */
export type Line = Readonly<Record<string, unknown>> & { readonly type: string }

export interface CliResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Does not read standard output, so that its pipe fills up. */
  readonly unread?: boolean
}

/** The running program. Its standard input stays open until the test ends it. */
export class CliProcess {
  readonly child: ChildProcess
  /** Settles when the program has ended and everything it printed was read. */
  readonly ended: Promise<CliResult>
  #stdout = ''
  #stderr = ''
  #waiting: (() => void)[] = []
  #closed = false
  #reading = false

  constructor(program: string, args: readonly string[], options: CliOptions = {}) {
    const env: NodeJS.ProcessEnv = { ...process.env, ...options.env }
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'FORCE_COLOR', 'NO_COLOR'])
      if (options.env?.[name] === undefined) delete env[name]
    this.child = spawn(NODE, [program, ...args], { env, stdio: 'pipe' })
    if (options.unread !== true) this.read()
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text
      this.#wake()
    })
    this.ended = once(this.child, 'close').then(([code, signal]) => {
      this.#closed = true
      this.#wake()
      return { code, signal, stdout: this.#stdout, stderr: this.#stderr }
    })
  }

  /** Starts reading standard output, if it was unread. */
  read(): void {
    if (this.#reading) return
    this.#reading = true
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text
      this.#wake()
    })
  }

  get stdout(): string {
    return this.#stdout
  }

  /** The complete lines printed so far. */
  get lines(): Line[] {
    return parseLines(this.#stdout.slice(0, this.#stdout.lastIndexOf('\n') + 1))
  }

  /** Resolves to the first matching session line of that type. Rejects if the program ends first. */
  async line(type: string, fits: (line: Line) => boolean = () => true): Promise<Line> {
    for (;;) {
      const found = this.lines.find((line) => line.type === type && fits(line))
      if (found !== undefined) return found
      if (this.#closed) throw new Error(`it ended without ${type}: ${this.#stdout}${this.#stderr}`)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  /** Resolves once standard error matches. Rejects if the program ends first. */
  async error(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.#stderr)
      if (found !== null) return found
      if (this.#closed) throw new Error(`it ended without ${pattern}: ${this.#stdout}${this.#stderr}`)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  /** Types lines into its standard input. */
  type(text: string): void {
    this.child.stdin?.write(text)
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

const running = new Set<CliProcess>()

/** Starts the program. `cliTests` ends it if the test does not. */
export async function startCli(args: readonly string[], options: CliOptions = {}): Promise<CliProcess> {
  const cli = new CliProcess(await builtCli(), args, options)
  running.add(cli)
  void cli.ended.finally(() => running.delete(cli))
  return cli
}

/** Runs the program to its end. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return (await startCli(args, options)).ended
}

/** Call in a `describe` of tests of the program. It ends and removes what each test started, served or wrote. */
export function cliTests(): void {
  afterEach(async () => {
    await stopClis()
    closeServers()
    removeTempDirs()
  })
}

async function stopClis(): Promise<void> {
  await Promise.all(
    [...running].map(async (cli) => {
      cli.read()
      cli.child.kill('SIGKILL')
      await cli.ended
    }),
  )
}

/** Parses the lines of a session. */
export function parseLines(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
}
