/** Runs test/vscode in a real extension host: code-server in Chromium, or a desktop VS Code. */
import { access, mkdtemp, readFile, rm, watch } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { launchHeadless, UNOPTIMIZED } from './browser.ts'
import type { Release } from './code-server.ts'
import { CACHE, ROOT } from './paths.ts'
import { FILES, RESULTS_FILE } from './reporter.ts'
import type { Results } from './results.ts'
import { STILL_SETTINGS, startVsCodeServer } from './vscode-server.ts'

const TIMEOUT = 3_000_000
/** Declares the language of `.http` files too, as other extensions do. */
const NEIGHBOR = join(ROOT, 'test', 'fixtures', 'http-extension')
/** Uses the API, as docs/api.md says. */
const EXAMPLE = join(ROOT, 'examples', 'extension')

/** Runs the suite, or some of its files, in the extension host of the given release, its window open in Chromium. */
export async function runInBrowser(release: Release, files?: readonly string[]): Promise<Results> {
  const folder = await mkdtemp(join(tmpdir(), 'realtime-extension-suite-'))
  const results = join(folder, 'results.json')
  const server = await startVsCodeServer({
    release,
    folder,
    development: { extension: ROOT, tests: await bundleTests(release.vscode) },
    installed: [NEIGHBOR, EXAMPLE],
    settings: STILL_SETTINGS,
    env: environment(results, files),
  })
  const browser = await launchHeadless(UNOPTIMIZED)
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    const messages: string[] = []
    page.on('console', (message) => messages.push(message.text()))
    const appeared = appears(results, () => `${messages.slice(-40).join('\n')}\n${server.log()}`)
    await Promise.all([appeared, page.goto(server.url)])
    return JSON.parse(await readFile(results, 'utf8'))
  } finally {
    await browser.close()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Runs the suite, or some of its files, in a desktop VS Code, `stable` or a version, which is downloaded if it is missing. */
export async function runOnDesktop(version: string, files?: readonly string[]): Promise<Results> {
  const { runTests } = await import('@vscode/test-electron')
  const folder = await mkdtemp(join(tmpdir(), 'realtime-extension-suite-'))
  const results = join(folder, 'results.json')
  try {
    const ended = await runTests({
      version,
      extensionDevelopmentPath: [ROOT, NEIGHBOR, EXAMPLE],
      extensionTestsPath: await bundleTests(version),
      extensionTestsEnv: environment(results, files),
      launchArgs: [folder, '--disable-extensions', '--disable-workspace-trust'],
    }).catch((error: unknown) => error)
    await access(results).catch(() => {
      throw ended
    })
    return JSON.parse(await readFile(results, 'utf8'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function environment(results: string, files: readonly string[] | undefined): Record<string, string> {
  return { [RESULTS_FILE]: results, ...(files !== undefined && { [FILES]: files.join('\n') }) }
}

/** Bundles the runner and each suite, for one release. Returns the runner's path. */
async function bundleTests(name: string): Promise<string> {
  const outdir = join(CACHE, 'extension-suite', name)
  await rm(outdir, { recursive: true, force: true })
  const common: BuildOptions = {
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.18',
    external: ['vscode', 'bufferutil', 'utf-8-validate'],
    sourcemap: 'inline',
    logLevel: 'warning',
  }
  // Once for all suites. The Node.js of older versions of VS Code cannot `require` the ES modules that it consists of.
  const mocha = join(outdir, 'mocha.cjs')
  await build({ ...common, entryPoints: ['mocha/lib/mocha.cjs'], outfile: mocha, logLevel: 'error' })
  await build({
    ...common,
    entryPoints: ['test/vscode/index.ts', 'test/vscode/**/*.test.ts'],
    outdir,
    outbase: 'test/vscode',
    outExtension: { '.js': '.cjs' },
    plugins: [
      {
        name: 'mocha',
        setup: ({ onResolve }) => {
          onResolve({ filter: /^mocha$/ }, () => ({ path: mocha, external: true }))
        },
      },
    ],
  })
  return join(outdir, 'index.cjs')
}

/** Resolves as soon as the file exists. */
async function appears(file: string, log: () => string): Promise<void> {
  try {
    for await (const { filename } of watch(dirname(file), { signal: AbortSignal.timeout(TIMEOUT) })) {
      if (filename === basename(file)) return
    }
  } catch (cause) {
    throw new Error(`The extension host did not report for ${TIMEOUT / 1000} s.\n${log()}`, { cause })
  }
}
