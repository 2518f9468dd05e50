/** Reduces package.json, of which the programs read the version only. A plugin for each bundler. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

const NAME = 'manifest'
const FILE = /[\\/]package\.json$/

/** The reduced text; undefined for another file. */
async function reduced(/** @type {string} */ path) {
  if (path !== resolve('package.json')) return undefined
  const { version } = JSON.parse(await readFile(path, 'utf8'))
  return JSON.stringify({ version })
}

/** @type {import('esbuild').Plugin} */
export const manifest = {
  name: NAME,
  setup({ onLoad }) {
    onLoad({ filter: FILE }, async ({ path }) => {
      const contents = await reduced(path)
      return contents === undefined ? undefined : { contents, loader: 'json' }
    })
  },
}

/** @type {import('rolldown').Plugin} */
export const manifestOfArchives = {
  name: NAME,
  load: {
    filter: { id: FILE },
    async handler(id) {
      const code = await reduced(id)
      return code === undefined ? undefined : { code, moduleType: 'json' }
    },
  },
}
