/**
 * Runs every check and suite: `node scripts/test.ts`, or some: `node scripts/test.ts check transport`. Each folder of
 * test/ is a suite, so that none can be forgotten. The last line of the output is the count.
 */
import { readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installCodeServer, NEWEST, OLDEST, type Release } from './code-server.ts'
import { runInBrowser, runOnDesktop } from './extension-suite.ts'
import { ROOT } from './paths.ts'
import { RESULTS_FILE, type Results } from './reporter.ts'
import { mustRun, run } from './run.ts'
import { ensureSystemPackages, PACKAGES } from './system.ts'

interface Suite {
  readonly name: string
  /** The VS Code to run in. It is installed before any suite starts, so that tests do not wait for it. */
  readonly release?: Release
  run(): Promise<Results>
}

const SUITE_TIMEOUT = 3_300_000

const checks: readonly Suite[] = [
  command('check: types', 'tsc', '--noEmit'),
  command('check: types of the webview', 'tsc', '--noEmit', '-p', 'webview'),
  command('check: lint and format', 'biome', 'check', '--error-on-warnings'),
]

/** REALTIME_VSCODE=desktop uses a desktop VS Code, which @vscode/test-electron downloads. */
const extensionHosts: readonly Suite[] =
  process.env.REALTIME_VSCODE === 'desktop'
    ? [
        { name: 'vscode: newest', run: () => runOnDesktop('stable') },
        { name: 'vscode: oldest', run: () => runOnDesktop(OLDEST.vscode) },
      ]
    : [
        { name: 'vscode: newest', release: NEWEST, run: () => runInBrowser(NEWEST) },
        { name: 'vscode: oldest', release: OLDEST, run: () => runInBrowser(OLDEST) },
      ]

/** A check by a program whose exit code is not 0 if it finds a problem. */
function command(name: string, program: string, ...args: string[]): Suite {
  return {
    name,
    run: async () => {
      const code = await run(program, args, { cwd: ROOT })
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
    ...folders.sort(slowLast).map((name) => mochaSuite(name, `test/${name}/**/*.test.ts`)),
  ]
}

function hasTests(folder: string): boolean {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((name) => name.endsWith('.test.ts'))
}

/** Suites in a browser run last, because they take longest. */
function slowLast(a: string, b: string): number {
  return Number(a === 'click') - Number(b === 'click') || a.localeCompare(b)
}

function mochaSuite(name: string, files: string): Suite {
  return {
    name,
    ...(name === 'click' && { release: NEWEST }),
    run: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'realtime-results-'))
      const file = join(folder, 'results.json')
      const reporter = join(ROOT, 'scripts', 'reporter.ts')
      try {
        const code = await run('mocha', ['--reporter', reporter, files], {
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

/** Runs a suite. One that crashes or does not run a test has failed. */
async function settle(suite: Suite): Promise<Results> {
  console.log(`\n── ${suite.name}`)
  const started = performance.now()
  const results = await suite.run().catch((error: unknown) => failure(suite.name, error))
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const skipped = results.skipped === 0 ? '' : `, ${results.skipped} skipped`
  console.log(`   ${results.passed} passed, ${results.failed} failed${skipped} in ${seconds} s`)
  return results.passed + results.failed > 0 ? results : failure(suite.name, new Error('No tests ran.'))
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
  const family = suite.name.split(':')[0]
  if (name === 'unit') return !['check', 'vscode', 'click'].includes(family ?? '')
  return suite.name === name || family === name
}

async function main(names: readonly string[]): Promise<boolean> {
  const suites = choose([...checks, ...mochaSuites(), ...extensionHosts], names)
  await ensureSystemPackages(PACKAGES.test)
  await mustRun(process.execPath, ['esbuild.mjs'], { cwd: ROOT })
  const releases = new Set(suites.flatMap(({ release }) => release ?? []))
  for (const release of releases) await installCodeServer(release)
  let passed = 0
  const failures: Results['failures'][number][] = []
  for (const suite of suites) {
    const results = await settle(suite)
    passed += results.passed
    failures.push(...results.failures)
  }
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
