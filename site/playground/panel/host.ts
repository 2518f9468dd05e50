/** The host of the panel in a browser, which is VS Code in the editor. Runs before the panel's own script. */
import type { FromPanel, ThemeName, ToPanel } from './messages.ts'
import { PanelHost } from './panel-host.ts'

/** Where the browser keeps how the user has arranged the panel. */
const LAYOUT = 'realtime-inspector-layout'

/** Undefined until a recording is opened. The messages of the panel wait for it. */
let host: PanelHost | undefined
const waiting: unknown[] = []

function tell(message: FromPanel): void {
  parent.postMessage(message, location.origin)
}

function setTheme(theme: ThemeName): void {
  document.documentElement.dataset.theme = theme
  // The panel looks at the class, as in VS Code.
  document.body.className = `vscode-${theme}`
}

/** Uses what the browser keeps, unless it refuses to. */
function withStorage<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(localStorage)
  } catch {
    return undefined
  }
}

addEventListener('message', ({ data, source, origin }: MessageEvent<ToPanel>) => {
  if (source !== parent || origin !== location.origin) return
  if (data.kind === 'theme') setTheme(data.theme)
  if (data.kind !== 'open' || host !== undefined) return
  host = new PanelHost(data)
  for (const message of waiting.splice(0)) host.receive(message)
})

addEventListener('dragover', (event) => {
  if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault()
})

addEventListener('drop', (event) => {
  const file = event.dataTransfer?.files[0]
  if (file === undefined) return
  event.preventDefault()
  tell({ kind: 'dropped', file })
})

// A command of the editor.
addEventListener('keydown', (event) => {
  if (event.key !== 'f' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
  event.preventDefault()
  host?.act('filter')
})

// The first colors, which must not change while the page loads.
const asked = location.hash === '#dark' ? 'dark' : 'light'
document.documentElement.dataset.theme = asked
addEventListener('DOMContentLoaded', () => setTheme(asked))
addEventListener('load', () => tell({ kind: 'ready' }))

Object.assign(globalThis, {
  acquireVsCodeApi: () => ({
    postMessage: (message: unknown) => {
      if (host === undefined) waiting.push(message)
      else host.receive(message)
    },
    getState: () => withStorage((storage): unknown => JSON.parse(storage.getItem(LAYOUT) ?? 'null')),
    setState: (state: unknown) => withStorage((storage) => storage.setItem(LAYOUT, JSON.stringify(state))),
  }),
})
