/**
 * Builds the programs that Node.js runs as they ship: all of them together, so that the code that they share is there once, and in
 * archives, which are read faster than many files, and are small in the .vsix. `load.cjs` runs them.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, join, relative, resolve, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants } from 'node:zlib'
import { rolldown } from 'rolldown'
import { minifySync } from 'rolldown/utils'
import { manifestOfArchives } from '../manifest.mjs'
import { vscodeApi } from './vscode-api.mjs'

/** @typedef {import('rolldown').OutputChunk} Chunk */
/** @typedef {{ readonly path: string, readonly contents: Uint8Array }} File */
/** @typedef {readonly (readonly [string, Uint8Array])[]} Modules Names and contents */

const LOADERS = ['load.cjs', 'code-cache.cjs']
const EXTENSION = 'extension'

/** Modules of the terminal that only the npm package has, with what only they load. `src/cli/npm-only.ts` says so in the .vsix. */
const NPM_ONLY = ['src/cli/mcp/run-mcp.ts', 'src/cli/otlp/otlp-output.ts']

/**
 * Resolves to the files to write, and the paths of the modules that are in them.
 * @param {object} options
 * @param {Readonly<Record<string, string>>} options.entries Paths of the programs by name
 * @param {readonly string[]} options.external Modules that are not bundled
 * @param {Record<string, string>} options.alias
 * @param {Record<string, string>} options.define
 * @param {string[]} options.mainFields
 * @param {string} options.target
 * @param {string} options.outdir
 * @param {boolean} options.isExtension Whether it is for the .vsix, not for the npm package
 * @returns {Promise<{ readonly files: readonly File[], readonly inputs: readonly string[] }>}
 */
export async function packPrograms(options) {
  const { entries, external, alias, define, mainFields, target, outdir, isExtension } = options
  const bundle = await rolldown({
    input: { ...entries },
    platform: 'node',
    // The plugin resolves `vscode`.
    external: external.filter((name) => name !== 'vscode'),
    plugins: [vscodeApi, manifestOfArchives],
    transform: { target, define },
    resolve: { alias, mainFields },
    // A long text that two modules use would be there twice.
    optimization: { inlineConst: false },
    checks: { ineffectiveDynamicImport: false },
  })
  const { output } = await bundle.generate({
    format: 'cjs',
    strict: true,
    // Modules of archives have no `import()`; some packages load modules of Node.js with it.
    dynamicImportInCjs: false,
    minify: true,
    comments: { legal: false, annotation: false, jsdoc: false },
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
  })
  await bundle.close()
  const chunks = output.filter((each) => each.type === 'chunk')
  const archives = Object.entries(isExtension ? archivesOf(chunks) : { 'programs.archive': chunks })
  const packed = await Promise.all(
    archives.map(async ([name, part]) => {
      const modules = modulesOf(part)
      const archive = isExtension ? compressed(modules, resolve(outdir, name)) : archiveOf(modules)
      return /** @type {const} */ ([name, await archive])
    }),
  )
  const loaders = await Promise.all(
    LOADERS.map(async (name) => {
      const script = await readFile(join(import.meta.dirname, name), 'utf8')
      return /** @type {const} */ ([name, minifiedScript(name, script, false)])
    }),
  )
  // The loaders, because they write the code cache, too.
  const build = createHash('sha256')
  for (const [, content] of [...packed, ...loaders]) build.update(content)
  const id = build.digest('hex').slice(0, 16)
  const starters = Object.keys(entries).map((name) => starterOf(name, id))
  const contents = [...packed, ...starters, ...loaders]
  return {
    files: contents.map(([name, bytes]) => ({ path: resolve(outdir, name), contents: Buffer.from(bytes) })),
    inputs: chunks.flatMap(({ moduleIds }) => moduleIds).map(pathOf),
  }
}

/**
 * Resolves to the archive of the files of pages. The extension unpacks it (`src/vscode/ui/page-files.ts`).
 * @param {readonly File[]} files
 * @param {string} outdir
 * @returns {Promise<File>}
 */
export async function packPages(files, outdir) {
  // Both pages have the font of the icons.
  const byName = new Map(files.map(({ path, contents }) => [basename(path), contents]))
  const path = resolve(outdir, 'pages.br')
  return { path, contents: await compressed([...byName], path) }
}

/**
 * Minifies the scripts among the files of pages again, by 3 %.
 * @param {readonly File[]} files
 * @returns {File[]}
 */
export function minified(files) {
  return files.map(({ path, contents }) => {
    if (!path.endsWith('.js')) return { path, contents }
    return { path, contents: Buffer.from(minifiedScript(path, Buffer.from(contents).toString(), true)) }
  })
}

/**
 * @param {string} path
 * @param {string} script
 * @param {boolean} module Whether it is an ECMAScript module of a page, not a script of Node.js
 */
function minifiedScript(path, script, module) {
  const { code, errors } = minifySync(path, script, { module, compress: { target: 'chrome128' } })
  if (errors.length > 0) throw new Error(`${path} could not be minified: ${errors[0].message}`)
  return code
}

/**
 * The name and the text of the file that starts a program.
 * @param {string} name
 * @param {string} build
 * @returns {[string, string]}
 */
function starterOf(name, build) {
  const call = `run('${name}.js', '${build}')\n`
  if (name === EXTENSION) return [`${name}.cjs`, `module.exports = require('./load.cjs').${call}`]
  const start = `import { run } from './load.cjs'\n${call}`
  return [`${name}.js`, name === 'cli' ? `#!/usr/bin/env node\n${start}` : start]
}

/**
 * The chunks of each archive: what the extension loads at once, what only the npm package has, and all others.
 * @param {readonly Chunk[]} chunks
 */
function archivesOf(chunks) {
  const entries = chunks.filter(({ isEntry }) => isEntry)
  const npmOnly = chunks.filter(({ moduleIds }) => moduleIds.some((id) => NPM_ONLY.includes(pathOf(id))))
  if (npmOnly.some(({ isDynamicEntry }) => !isDynamicEntry) || npmOnly.length !== NPM_ONLY.length)
    throw new Error(`Each module of NPM_ONLY must be loaded on demand, and only so: ${NPM_ONLY}.`)
  const early = reached(
    chunks,
    entries.filter(({ name }) => name === EXTENSION),
    ({ imports }) => imports,
  )
  const shipped = reached(chunks, entries, ({ imports, dynamicImports }) =>
    [...imports, ...dynamicImports].filter((name) => npmOnly.every(({ fileName }) => fileName !== name)),
  )
  return {
    'extension.br': chunks.filter((chunk) => early.has(chunk)),
    'programs.br': chunks.filter((chunk) => shipped.has(chunk) && !early.has(chunk)),
    'npm-only.br': chunks.filter((chunk) => !shipped.has(chunk)),
  }
}

/**
 * The chunks that some import, directly or through others, and these.
 * @param {readonly Chunk[]} chunks
 * @param {readonly Chunk[]} roots
 * @param {(chunk: Chunk) => readonly string[]} importsOf Names of the files of chunks
 */
function reached(chunks, roots, importsOf) {
  const found = new Set(roots)
  // A set also visits what is added meanwhile.
  for (const chunk of found) {
    const names = importsOf(chunk)
    for (const each of chunks) if (names.includes(each.fileName)) found.add(each)
  }
  return found
}

/**
 * @param {readonly Chunk[]} chunks
 * @returns {[string, Buffer][]}
 */
function modulesOf(chunks) {
  // A program of the terminal begins as a script for a shell, which its starter is instead.
  return chunks.map(({ fileName, code }) => [fileName, Buffer.from(code.replace(/^#!.*/, ''))])
}

/** @param {Modules} modules */
function archiveOf(modules) {
  const index = modules.map(([name, contents]) => [name, contents.length])
  return Buffer.concat([
    Buffer.from(`${JSON.stringify(index)}\n`),
    ...modules.map(([, contents]) => contents),
  ])
}

/**
 * The archive at `path` if it has the same modules, because compressing takes most of the time of a build.
 * @param {Modules} modules
 * @param {string} path
 */
async function compressed(modules, path) {
  const bytes = archiveOf(modules)
  const before = await readFile(path).catch(() => undefined)
  if (before !== undefined && (await decompressed(before))?.equals(bytes)) return before
  return await promisify(brotliCompress)(bytes, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  })
}

/**
 * Undefined if it is damaged.
 * @param {Buffer} archive
 */
async function decompressed(archive) {
  return await promisify(brotliDecompress)(archive).catch(() => undefined)
}

/**
 * The path of a module in the repository, with slashes.
 * @param {string} id
 */
function pathOf(id) {
  return relative('.', id).replaceAll(sep, '/')
}
