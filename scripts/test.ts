/**
 * Runs every check and suite: `node scripts/test.ts`, or some: `node scripts/test.ts check transport`. Each folder of
 * test/ is a suite, so that none can be forgotten. Twice as many suites as there are processors run side by side,
 * up to `MOST_SUITES`, because many wait for much of their time. Files in which tests fail run once more, alone: what
 * passes there failed because the machine was busy, and is listed. The last line of the output is the count.
 */
import { readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { installCodeServer, isInstalled, NEWEST, OLDEST, type Release } from './code-server.ts'
import { runInBrowser, runOnDesktop } from './extension-suite.ts'
import { ROOT } from './paths.ts'
import { RESULTS_FILE } from './reporter.ts'
import { filesToRepeat, type Results, replaced } from './results.ts'
import { mustRun, runPrinting } from './run.ts'
import { type Print, sideBySide } from './side-by-side.ts'
import { ensureSystemPackages, PACKAGES } from './system.ts'

interface Suite {
  readonly name: string
  /** The VS Code to run in. */
  readonly release?: Release
  /** Settles when that VS Code is installed, so that no test waits for it. Other suites start meanwhile. */
  readonly ready?: Promise<unknown> | undefined
  /** Runs all its files, or some. */
  run(print: Print, files?: readonly string[]): Promise<Results>
}

const SUITE_TIMEOUT = 3_300_000
/** Each may have a browser, which needs a gigabyte or two. Six on two processors took longer than four. */
const MOST_SUITES = 4
/** The suites that take longest start first, so that a processor is not left without work at the end. */
const LONGEST = ['click', 'webview', 'cli', 'project', 'diagnose', 'vscode', 'engine']

const checks: readonly Suite[] = [
  // The threads of tsc check the same libraries again, in a half more processor time, which other suites need.
  command('check: types', 'tsc', '--noEmit', '--singleThreaded'),
  command('check: types of the webview', 'tsc', '--noEmit', '-p', 'webview'),
  command('check: types of the site', 'tsc', '--noEmit', '-p', 'site/playground'),
  command('check: types of the example', 'tsc', '--noEmit', '-p', 'examples/extension'),
  command('check: lint and format', 'biome', 'check', '--error-on-warnings'),
]

/** REALTIME_VSCODE=desktop uses a desktop VS Code, which @vscode/test-electron downloads. */
const extensionHosts: readonly Suite[] =
  process.env.REALTIME_VSCODE === 'desktop'
    ? [
        { name: 'vscode: newest', run: (_print, files) => runOnDesktop('stable', files) },
        { name: 'vscode: oldest', run: (_print, files) => runOnDesktop(OLDEST.vscode, files) },
      ]
    : [
        { name: 'vscode: newest', release: NEWEST, run: (_print, files) => runInBrowser(NEWEST, files) },
        { name: 'vscode: oldest', release: OLDEST, run: (_print, files) => runInBrowser(OLDEST, files) },
      ]

/** A check by a program whose exit code is not 0 if it finds a problem. */
function command(name: string, program: string, ...args: string[]): Suite {
  return {
    name,
    run: async (print) => {
      const code = await runPrinting(program, args, print, { cwd: ROOT })
      if (code !== 0) throw new Error(`\`${program} ${args.join(' ')}\` found problems; see above.`)
      return { passed: 1, failed: 0, skipped: 0, failures: [] }
    },
  }
}

/** The suites of test/: each of its folders, and the files directly in it. */
function mochaSuites(): readonly Suite[] {
  const folders = readdirSync(join(ROOT, 'test'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['support', 'vscode'].includes(entry.name))
    .map((entry) => entry.name)
    .filter((name) => hasTests(join(ROOT, 'test', name)))
  return [
    mochaSuite('project', 'test/*.test.ts'),
    ...folders.sort().map((name) => mochaSuite(name, `test/${name}/**/*.test.ts`)),
  ]
}

function hasTests(folder: string): boolean {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((name) => name.endsWith('.test.ts'))
}

function longestFirst(suites: readonly Suite[]): readonly Suite[] {
  const rank = (suite: Suite) => {
    const found = LONGEST.indexOf(familyOf(suite))
    return found < 0 ? LONGEST.length : found
  }
  return suites.toSorted((a, b) => rank(a) - rank(b))
}

function mochaSuite(name: string, all: string): Suite {
  return {
    name,
    ...(name === 'click' && { release: NEWEST }),
    run: async (print, files = [all]) => {
      const folder = await mkdtemp(join(tmpdir(), 'realtime-results-'))
      const file = join(folder, 'results.json')
      const reporter = join(ROOT, 'scripts', 'reporter.ts')
      try {
        const code = await runPrinting('mocha', ['--reporter', reporter, ...files], print, {
          cwd: ROOT,
          env: { ...process.env, [RESULTS_FILE]: file },
          timeout: SUITE_TIMEOUT,
        })
        const results: Results = JSON.parse(await readFile(file, 'utf8'))
        if (code !== 0 && results.failed === 0) throw new Error(`Mocha failed with exit code ${code}.`)
        return results
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}

/** Runs a suite, or some of its files. One that crashes or does not run a test has failed. */
async function settle(suite: Suite, print: Print, files?: readonly string[]): Promise<Results> {
  print(`\n── ${suite.name}${files === undefined ? '' : ', the files with failures, alone'}\n`)
  const started = performance.now()
  const results = await Promise.resolve(suite.ready)
    .then(() => suite.run(print, files))
    .catch((error: unknown) => failure(suite.name, error))
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const skipped = results.skipped === 0 ? '' : `, ${results.skipped} skipped`
  print(`   ${results.passed} passed, ${results.failed} failed${skipped} in ${seconds} s\n`)
  return results.passed + results.failed > 0 ? results : failure(suite.name, new Error('No tests ran.'))
}

/** The results after the files with failures have run once more, while no other suite runs. */
async function repeated(suite: Suite | undefined, first: Results): Promise<Results> {
  const files = filesToRepeat(first)
  if (suite === undefined || files.length === 0) return first
  for (const { title, error } of first.failures) console.log(`\n✗ ${title}\n${error.replace(/^/gm, '    ')}`)
  const again = await settle(suite, (text) => process.stdout.write(text), files)
  const failed = new Set(again.failures.map(({ title }) => title))
  for (const { title } of first.failures)
    if (!failed.has(title)) console.log(`   Failed beside other suites, not alone: ${title}`)
  return replaced(first, files, again)
}

function failure(title: string, error: unknown): Results {
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { passed: 0, failed: 1, skipped: 0, failures: [{ title, error: told }] }
}

/** A name selects the suite of that name and those under it: `vscode` is `vscode: newest` and `vscode: oldest`. */
function choose(suites: readonly Suite[], names: readonly string[]): readonly Suite[] {
  const unknown = names.filter((name) => name !== 'unit' && !suites.some((suite) => answersTo(suite, name)))
  if (unknown.length > 0) throw new Error(`Unknown suite: ${unknown.join(', ')}.`)
  return names.length === 0 ? suites : suites.filter((suite) => names.some((name) => answersTo(suite, name)))
}

/** `unit` selects all suites that do not open VS Code. */
function answersTo(suite: Suite, name: string): boolean {
  const family = familyOf(suite)
  if (name === 'unit') return !['check', 'vscode', 'click'].includes(family)
  return suite.name === name || family === name
}

function familyOf({ name }: Suite): string {
  return name.split(':')[0] ?? name
}

/** Installs the releases that are missing, one after the other. Returns the suites that know when theirs is there. */
function withReleases(suites: readonly Suite[]): readonly Suite[] {
  const releases = new Set(suites.flatMap(({ release = [] }) => release))
  const installed = new Map<Release | undefined, Promise<unknown>>()
  let latest: Promise<unknown> = Promise.resolve()
  for (const release of releases) {
    if (isInstalled(release)) continue
    latest = latest.catch(() => {}).then(() => installCodeServer(release))
    installed.set(release, latest)
  }
  return suites.map((suite) => ({ ...suite, ready: installed.get(suite.release) }))
}

async function main(names: readonly string[]): Promise<boolean> {
  const suites = choose([...checks, ...mochaSuites(), ...extensionHosts], names)
  await ensureSystemPackages(PACKAGES.test)
  await mustRun(process.execPath, ['esbuild.mjs', '--production'], { cwd: ROOT })
  const ordered = withReleases(longestFirst(suites))
  const first = await sideBySide(
    ordered.map((suite) => ({ ready: suite.ready, run: (print) => settle(suite, print) })),
    Math.min(2 * availableParallelism(), MOST_SUITES),
    (text) => process.stdout.write(text),
  )
  const results: Results[] = []
  for (const [i, result] of first.entries()) results.push(await repeated(ordered[i], result))
  const passed = results.reduce((sum, each) => sum + each.passed, 0)
  const failures = results.flatMap((each) => each.failures)
  if (failures.length > 0) console.log('\n── failures')
  for (const { title, error } of failures) console.log(`\n✗ ${title}\n${error.replace(/^/gm, '    ')}`)
  console.log(`\n${passed} passed, ${failures.length} failed`)
  return failures.length === 0
}

try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1
} catch (error) {
  console.log(error instanceof Error ? error.message : error)
  console.log('\n0 passed, 1 failed')
  process.exitCode = 1
}
