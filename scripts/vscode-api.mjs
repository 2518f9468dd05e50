/** Makes the modules of the extension share one `vscode`, instead of a copy of its names for each module. */
import { readFile } from 'node:fs/promises'

const NAMESPACE = 'vscode-api'
const TYPES = 'node_modules/@types/vscode/index.d.ts'
/** What exists at run time, at the top level of the declared module. */
const VALUE = /^\texport (?:abstract )?(?:class|const|enum|function|namespace) (\w+)/gm

/**
 * For `import * as vscode`, esbuild copies all names into an object for each module that imports it: they may be getters. This
 * took a third of the time to load the extension.
 * @type {import('esbuild').Plugin}
 */
export const vscodeApi = {
  name: NAMESPACE,
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^vscode$/ }, ({ path, namespace }) =>
      namespace === NAMESPACE ? { path, external: true } : { path, namespace: NAMESPACE },
    )
    onLoad({ filter: /^vscode$/, namespace: NAMESPACE }, async () => {
      const names = [...(await readFile(TYPES, 'utf8')).matchAll(VALUE)].map(([, name]) => name)
      // Names that nobody uses are left out, and never read.
      const lines = [...new Set(names)].map((name) => `export const ${name} = /* @__PURE__ */ get('${name}')`)
      const head = "const api = require('vscode')\nconst get = (name) => api[name]\n"
      return { contents: head + lines.join('\n'), resolveDir: '.' }
    })
  },
}
