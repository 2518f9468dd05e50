/**
 * Bundles the programs: extension host entry; engine, jobs, demo and terminal, which share chunks; webview. `--production` puts
 * those of Node.js into archives (`scripts/archives`), as they ship: all of them for the .vsix, one of them with `--only`.
 */
import { mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { build, context } from 'esbuild'
import { minified, packPages, packPrograms } from './scripts/archives/pack.mjs'
import { shortChangelog } from './scripts/changelog.mjs'
import { usedIcons } from './scripts/icons.mjs'
import { manifest } from './scripts/manifest.mjs'
import { thirdPartyNotices } from './scripts/notices.mjs'
import { watchReporter } from './scripts/watch-reporter.mjs'

const production = process.argv.includes('--production')
const watch = process.argv.includes('--watch')
/** `--only=cli` builds one program; `--outdir=DIR` puts it elsewhere. */
const only = argument('only')
const outdir = argument('outdir') ?? 'dist'

/** @param {string} name */
function argument(name) {
  const prefix = `--${name}=`
  return process.argv.find((arg) => arg.startsWith(prefix))?.slice(prefix.length)
}

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  minify: production,
  sourcemap: !production,
  logLevel: 'warning',
  // third-party-notices.txt has the full texts.
  legalComments: 'none',
  metafile: true,
  plugins: [manifest],
}

/** @type {import('esbuild').BuildOptions} */
const node = {
  ...common,
  platform: 'node',
  target: 'node20.19',
  // Chunks of CommonJS libraries have only a default export, unlike in Node.js.
  mainFields: ['module', 'main'],
  external: ['vscode', 'bufferutil', 'utf-8-validate'],
  alias: {
    // mqtt-packet depends on this copy of the streams of Node.js, which is larger than all decoders.
    'readable-stream': 'node:stream',
    ajv: resolve('scripts/no-ajv.mjs'),
    'ajv-formats': resolve('scripts/no-ajv.mjs'),
    'ip-address': resolve('scripts/ip-address.mjs'),
    debug: resolve('scripts/no-debug.cjs'),
  },
}

const extension = { extension: 'src/extension.ts' }
const inThreads = {
  engine: 'src/engine/worker.ts',
  jobs: 'src/engine/jobs/worker.ts',
  demo: 'demo/worker.ts',
  cli: 'src/cli.ts',
}
// Otherwise the bundle would run as the program `node demo/server.ts`.
const define = { 'import.meta.main': 'false' }

/** @type {import('esbuild').BuildOptions} */
const pages = {
  ...common,
  entryPoints: { webview: 'webview/main.tsx', compare: 'webview/compare/main.tsx' },
  format: 'esm',
  platform: 'browser',
  target: 'chrome128',
  outdir,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  plugins: [manifest, usedIcons()],
  assetNames: '[name]',
}

/** @type {import('esbuild').BuildOptions[]} */
const programs = [
  {
    ...node,
    entryPoints: extension,
    format: 'cjs',
    outdir,
    outExtension: { '.js': '.cjs' },
  },
  {
    ...node,
    entryPoints: inThreads,
    // Code that they share is in the package once.
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    define,
    format: 'esm',
    outdir,
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  },
  pages,
]

const chosen = programs.flatMap((program) => {
  if (only === undefined) return [program]
  const entryPoints = Object.entries(program.entryPoints ?? {}).filter(([name]) => name === only)
  return entryPoints.length === 0 ? [] : [{ ...program, entryPoints: Object.fromEntries(entryPoints) }]
})
if (only === undefined && watch) await rm(outdir, { recursive: true, force: true })
await mkdir(outdir, { recursive: true })

/**
 * Writes what differs, each file at once: tests side by side use a build while another of them makes the same again.
 * @param {readonly Pick<import('esbuild').OutputFile, 'path' | 'contents'>[]} files
 */
async function writeBuilt(files) {
  // Both pages have the font of the icons.
  const byPath = new Map(files.map((file) => [file.path, file.contents]))
  await Promise.all(
    [...byPath].map(async ([path, contents]) => {
      const before = await readFile(path).catch(() => undefined)
      if (before?.equals(contents) === true) return await utimes(path, new Date(), new Date())
      await mkdir(dirname(path), { recursive: true })
      const mode = Buffer.from(contents).toString('latin1', 0, 2) === '#!' ? 0o755 : 0o644
      await writeFile(`${path}.part${process.pid}`, contents, { mode })
      await rename(`${path}.part${process.pid}`, path)
    }),
  )
  return new Set(byPath.keys())
}

/**
 * Removes what earlier builds left.
 * @param {ReadonlySet<string>} written
 */
async function removeOthers(written) {
  for (const entry of await readdir(outdir, { recursive: true, withFileTypes: true })) {
    const path = resolve(join(entry.parentPath, entry.name))
    if (entry.isFile() && !written.has(path) && !/\.part\d+$/.test(path)) await rm(path, { force: true })
  }
}

if (watch) {
  const reporterOf = watchReporter(chosen)
  for (const program of chosen) {
    const options = {
      ...program,
      logLevel: /** @type {const} */ ('silent'),
      plugins: [...(program.plugins ?? []), reporterOf(program)],
    }
    await (await context(options)).watch()
  }
} else {
  const ofNode = chosen.filter(({ platform }) => production && platform === 'node')
  const others = chosen.filter((program) => !ofNode.includes(program))
  const built = await Promise.all(others.map((program) => build({ ...program, write: false })))
  const entries = Object.assign({}, ...ofNode.map(({ entryPoints }) => entryPoints))
  const packed =
    ofNode.length > 0
      ? await packPrograms({ ...node, entries, define, outdir, isExtension: only === undefined })
      : { files: [], inputs: [] }
  const inputs = built.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}))
  const notices = Buffer.from(await thirdPartyNotices([...inputs, ...packed.inputs]))
  const outputs = built.flatMap(({ outputFiles }) => (production ? minified(outputFiles) : outputFiles))
  const more = [{ path: resolve(outdir, 'third-party-notices.txt'), contents: notices }]
  if (production && only === undefined) {
    more.push({ path: resolve(outdir, 'changelog.md'), contents: Buffer.from(await shortChangelog()) })
    more.push(await packPages(outputs, outdir))
  }
  const written = await writeBuilt([...outputs, ...packed.files, ...more])
  if (only === undefined) await removeOthers(written)
}
