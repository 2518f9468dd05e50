/** The one panel of the window: made, revealed, and brought back after a reload. */
import * as vscode from 'vscode'
import { VIEWS } from '../contributions.ts'
import { PanelView, type PanelViewOptions } from './view.ts'

export class Panels implements vscode.WebviewPanelSerializer {
  readonly #options: PanelViewOptions
  /** Called when the panel came back with the window, before it has loaded. */
  readonly #restored: () => void
  /** Called when the user has closed the panel. */
  readonly #closed: () => void
  #isDisposing = false
  #current: { readonly panel: vscode.WebviewPanel; readonly view: PanelView } | undefined

  constructor(options: PanelViewOptions, restored: () => void, closed: () => void) {
    this.#options = { ...options, kept: {} }
    this.#restored = restored
    this.#closed = closed
  }

  /** Shows the panel where it is; one that has to be made comes into the active group. */
  show(preserveFocus = false): void {
    if (this.#current !== undefined) {
      this.#current.panel.reveal(undefined, preserveFocus)
      return
    }
    const { panel: viewType } = VIEWS
    this.#adopt(
      vscode.window.createWebviewPanel(
        viewType,
        'Realtime Inspector',
        { viewColumn: vscode.ViewColumn.Active, preserveFocus },
        {
          // Scroll position, selection and a million rows of columns survive a change of tab at once;
          // what the page loses all the same (a move to another window) it hydrates from the engine.
          retainContextWhenHidden: true,
          enableFindWidget: false,
        },
      ),
    )
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    if (this.#current !== undefined) {
      panel.dispose()
      return
    }
    this.#adopt(panel)
    this.#restored()
  }

  dispose(): void {
    this.#isDisposing = true
    this.#current?.panel.dispose()
  }

  #adopt(panel: vscode.WebviewPanel): void {
    panel.iconPath = new vscode.ThemeIcon('pulse')
    const view = new PanelView(panel, this.#options)
    this.#current = { panel, view }
    panel.onDidDispose(() => {
      view.dispose()
      this.#current = undefined
      if (!this.#isDisposing) this.#closed()
    })
  }
}
