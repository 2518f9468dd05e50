/** Bundles the playground: the panel of the editor, a host for it, and the engine of recordings in a worker. */
import { execFile } from 'node:child_process'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import { thirdPartyNotices } from '../../scripts/notices.mjs'
import { ROOT } from '../../scripts/paths.ts'
import { themeCss } from './themes.ts'

const HERE = import.meta.dirname

/** What stands in for a module of Node.js: a file of ours, or a package. */
const STAND_INS: Readonly<Record<string, string>> = {
  buffer: './node/buffer.ts',
  crypto: './node/crypto.ts',
  events: 'events/',
  fs: './node/fs.ts',
  'fs/promises': './node/fs-promises.ts',
  os: './node/os.ts',
  path: 'path-browserify',
  'stream/promises': './node/stream-promises.ts',
  'timers/promises': './node/timers-promises.ts',
  util: './node/util.ts',
  zlib: './node/zlib.ts',
}

/** What stands in for a file of ours. */
const REPLACED: Readonly<Record<string, string>> = {
  'watched-regexes.ts': 'watched-regexes.ts',
  'write-recording.ts': 'no-writing.ts',
}

/** Resolves the modules of Node.js, and what needs its threads, to what works in a browser. */
const inBrowser: Plugin = {
  name: 'in-browser',
  setup({ onResolve, resolve: find }) {
    onResolve({ filter: /^(?:node:)?[a-z/]+$/ }, ({ path, kind, resolveDir }) => {
      const target = STAND_INS[path.replace(/^node:/, '')]
      if (target === undefined) return undefined
      return find(target, { kind, resolveDir: target.startsWith('.') ? HERE : resolveDir })
    })
    onResolve({ filter: /^\.\.?\/.+\.ts$/ }, ({ path, importer }) => {
      const target = importer.startsWith(HERE) ? undefined : REPLACED[basename(path)]
      return target === undefined ? undefined : { path: join(HERE, 'engine', target) }
    })
  },
}

/** Writes its files into a folder. */
export async function buildPlayground(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  // With the notices for the packages of the panel.
  await promisify(execFile)(
    process.execPath,
    ['esbuild.mjs', '--production', '--only=webview', `--outdir=${folder}`],
    { cwd: ROOT },
  )
  const common: BuildOptions = {
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    outdir: folder,
    format: 'iife',
    platform: 'browser',
    target: 'es2023',
    legalComments: 'none',
    logLevel: 'warning',
  }
  await build({
    ...common,
    entryPoints: {
      host: join(HERE, 'panel', 'host.ts'),
      regexes: join(HERE, 'engine', 'regex-worker.ts'),
    },
  })
  const { metafile } = await build({
    ...common,
    entryPoints: { engine: join(HERE, 'engine', 'worker.ts') },
    inject: [join(HERE, 'node', 'globals.ts')],
    define: { global: 'globalThis' },
    alias: { ajv: './scripts/no-ajv.mjs', 'ajv-formats': './scripts/no-ajv.mjs' },
    plugins: [inBrowser],
    metafile: true,
  })
  await writeFile(join(folder, 'engine-notices.txt'), await thirdPartyNotices(Object.keys(metafile.inputs)))
  await writeFile(join(folder, 'theme.css'), await themeCss())
  await copyFile(join(HERE, 'panel', 'index.html'), resolve(folder, 'index.html'))
}
