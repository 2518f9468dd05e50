/** Makes the modules of the extension share one `vscode`, instead of a copy of its names for each module. */
import { readFile } from 'node:fs/promises'

const MODULE = '\0vscode-api'
const TYPES = 'node_modules/@types/vscode/index.d.ts'
/** What exists at run time, at the top level of the declared module. */
const VALUE = /^\texport (?:abstract )?(?:class|const|enum|function|namespace) (\w+)/gm

/**
 * For `import * as vscode`, bundlers copy all names into an object for each module that imports it: they may be getters. This
 * took a third of the time to load the extension.
 * @type {import('rolldown').Plugin}
 */
export const vscodeApi = {
  name: 'vscode-api',
  resolveId: {
    filter: { id: /^vscode$/ },
    handler: (id, importer) => (importer === MODULE ? { id, external: true } : MODULE),
  },
  load: {
    filter: { id: /^\0vscode-api$/ },
    async handler() {
      const names = [...(await readFile(TYPES, 'utf8')).matchAll(VALUE)].map(([, name]) => name)
      // Names that nobody uses are left out, and never read.
      const lines = [...new Set(names)].map((name) => `export const ${name} = /* @__PURE__ */ get('${name}')`)
      const head = "const api = require('vscode')\nconst get = (name) => api[name]\n"
      return { code: head + lines.join('\n'), moduleType: 'js' }
    },
  },
}
