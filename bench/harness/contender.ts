/** Contenders that are programs in bench/contenders. Each run is a new process. */
import { type ChildProcess, fork } from 'node:child_process'
import { basename, join } from 'node:path'
import { buildSync } from 'esbuild'
import { CACHE } from '../../scripts/paths.ts'
import { Meter } from './meter.ts'
import type { Contender, Measurement } from './types.ts'

const CONTENDERS = join(import.meta.dirname, '..', 'contenders')
/** Milliseconds after which a run counts as hung. */
const TIME_LIMIT = 600_000

/** A program's first argument, as JSON. */
export interface Task {
  /** URL of the load, without its query parameter `count`. */
  readonly url: string
  readonly count: number
  /** Messages before the measured ones, so that V8 has compiled the code. */
  readonly warmup: number
  readonly size: number
}

export interface TaskOptions {
  /** Path and query of the load, without the count. */
  readonly load: string
  readonly count: number
  readonly size: number
  /** A quick run has the same count. */
  readonly whole?: boolean
  /** Number of warm-up messages, in a quick run too. Default: a quarter of the count. */
  readonly warmup?: number
  readonly nodeOptions?: readonly string[]
  /** Runs as one JavaScript file, like the product: loading TypeScript takes memory too. */
  readonly bundled?: boolean
}

/** The contender in the file of that name. */
export function program(name: string, file: string, options: TaskOptions): Contender {
  return {
    name,
    run: ({ generator, scale }) => {
      const count = Math.max(1, Math.round(options.count * (options.whole ? 1 : scale)))
      const task: Task = {
        url: `${generator.url}${options.load}`,
        count,
        warmup: options.warmup ?? Math.max(1, Math.round(count / 4)),
        size: options.size,
      }
      const path = join(CONTENDERS, file)
      return runProgram(options.bundled ? bundle(path) : path, task, options.nodeOptions)
    },
  }
}

function bundle(path: string): string {
  const outfile = join(CACHE, 'bench', `${basename(path, '.ts')}.mjs`)
  buildSync({
    ...{ entryPoints: [path], outfile, bundle: true, platform: 'node', format: 'esm' },
    // For packages that are CommonJS modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    // Programs of the load are beside the folder of the contenders, not that of the bundle.
    define: { 'import.meta.dirname': JSON.stringify(CONTENDERS) },
  })
  return outfile
}

function runProgram(file: string, task: Task, nodeOptions: readonly string[] = []): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = fork(file, [JSON.stringify(task)], {
      execArgv: ['--disable-warning=ExperimentalWarning', ...nodeOptions],
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), TIME_LIMIT)
    let measurement: Measurement | undefined
    child.on('message', (message) => {
      measurement = message as Measurement
    })
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      clearTimeout(timer)
      if (measurement !== undefined) resolve(measurement)
      else reject(new Error(`${file} ended with ${signal ?? `exit code ${code}`} and without a measurement.`))
    })
  })
}

/** What a program reports: the number that it counted, and figures of its own. */
export interface Counted {
  readonly count: number
  readonly extra?: Measurement['extra']
}

/**
 * Runs a contender's program: warms up, measures, reports, and exits. `work` takes the URL and the number of
 * messages, and resolves when all have arrived.
 */
export async function contend(
  work: (url: string, count: number, task: Task) => Promise<Counted>,
  options: { readonly others?: boolean } = {},
): Promise<void> {
  const task = JSON.parse(process.argv[2] ?? '') as Task
  await work(withCount(task.url, task.warmup), task.warmup, task)
  const meter = new Meter(options.others)
  meter.start()
  const { count, extra } = await work(withCount(task.url, task.count), task.count, task)
  const measurement = meter.stop(count, extra)
  if (count !== task.count) throw new Error(`${count} of ${task.count} arrived.`)
  process.send?.(measurement, undefined, undefined, () => process.exit(0))
}

function withCount(url: string, count: number): string {
  return `${url}&count=${count}`
}
