/** The panel of live traffic, one per window: makes it, reveals it, and restores it after a reload. */
import * as vscode from 'vscode'
import type { CommandView } from '../../shared/protocol/notifications.ts'
import { VIEWS } from '../contributions.ts'
import { isAsking } from '../ui/asking.ts'
import { setTabIcon } from '../ui/tab-icon.ts'
import { PanelView, type PanelViewOptions } from './panel-view.ts'

export interface LivePanelOptions extends Omit<PanelViewOptions, 'kept'> {
  /** Called when the panel is restored with the window, before it has loaded. */
  readonly onRestored: () => void
  /** Called when the user has closed the panel. */
  readonly onClosed: () => void
}

export class LivePanel implements vscode.WebviewPanelSerializer {
  readonly #options: LivePanelOptions
  readonly #kept = {}
  #isDisposing = false
  #current: { readonly panel: vscode.WebviewPanel; readonly view: PanelView } | undefined

  constructor(options: LivePanelOptions) {
    this.#options = options
  }

  /** Reveals the panel where it is, or makes it in the active group. Does not take the focus from a box that is open. */
  show(preserveFocus = isAsking()): void {
    if (this.#current !== undefined) this.#current.panel.reveal(undefined, preserveFocus)
    else this.#make(vscode.ViewColumn.Active, preserveFocus)
  }

  /** Reveals the panel, or makes it, with one of its views. */
  showView(view: CommandView, preserveFocus?: boolean): void {
    this.show(preserveFocus)
    this.#current?.view.showView(view)
  }

  /** Reveals the panel, or makes it, unless it would cover the active editor. The editor keeps the focus. */
  showBeside(): void {
    const active = vscode.window.activeTextEditor?.viewColumn
    if (active === undefined) this.show(true)
    else if (this.#current === undefined) this.#make(vscode.ViewColumn.Beside, true)
    else if (this.#current.panel.viewColumn !== active) this.show(true)
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    if (this.#current !== undefined) {
      panel.dispose()
      return
    }
    this.#adopt(panel)
    this.#options.onRestored()
  }

  dispose(): void {
    this.#isDisposing = true
    this.#current?.panel.dispose()
  }

  #make(viewColumn: vscode.ViewColumn, preserveFocus: boolean): void {
    this.#adopt(
      vscode.window.createWebviewPanel(
        VIEWS.panel,
        'Realtime Inspector',
        { viewColumn, preserveFocus },
        {
          // A page that is hidden keeps its scroll position, its selection and its columns. A page that is moved
          // to another window loses them, and fetches the columns from the engine again.
          retainContextWhenHidden: true,
          enableFindWidget: false,
        },
      ),
    )
  }

  #adopt(panel: vscode.WebviewPanel): void {
    setTabIcon(panel, 'pulse')
    const view = new PanelView(panel, { ...this.#options, kept: this.#kept })
    this.#current = { panel, view }
    panel.onDidDispose(() => {
      view.dispose()
      this.#current = undefined
      if (!this.#isDisposing) this.#options.onClosed()
    })
  }
}
