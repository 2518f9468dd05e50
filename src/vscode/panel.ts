/** The one panel of the window: made, revealed, and brought back after a reload. */
import { randomBytes } from 'node:crypto'
import * as vscode from 'vscode'
import type { PanelMethods, PanelNotifications, PanelToHostNotifications } from '../shared/protocol.ts'
import { type Handlers, type Methods, type Port, RpcEndpoint } from '../shared/rpc.ts'
import { VIEWS } from './contributions.ts'
import type { Notifier } from './notify.ts'
import { PanelFeed } from './panel-feed.ts'
import { panelHtml } from './panel-html.ts'
import { checkPanelMessage } from './panel-protocol.ts'
import type { Session } from './session.ts'

/** What the page may call; `ready` is the panel's own. */
export type PanelActions = Handlers<PanelMethods>

export interface PanelOptions {
  readonly extensionUri: vscode.Uri
  readonly session: Session
  readonly notifier: Notifier
  readonly actions: PanelActions
}

/** One webview and the session it shows. */
class PanelView {
  readonly #feed: PanelFeed
  readonly #endpoint: RpcEndpoint<PanelMethods, Methods, PanelNotifications, PanelToHostNotifications>
  readonly #panel: vscode.WebviewPanel
  readonly #options: PanelOptions
  readonly #subscriptions: vscode.Disposable[] = []

  constructor(panel: vscode.WebviewPanel, options: PanelOptions) {
    this.#panel = panel
    this.#options = options
    const { session, notifier, actions } = options
    this.#feed = new PanelFeed(
      session,
      {
        delta: (delta) => this.#endpoint.notify('delta', delta),
        status: (status) => this.#endpoint.notify('status', status),
        reset: () => this.#endpoint.notify('reset', null),
        rewind: (count) => this.#endpoint.notify('rewind', { count }),
        failed: (error) => notifier.internal(error),
      },
      panel.visible,
    )
    this.#endpoint = new RpcEndpoint<PanelMethods, Methods, PanelNotifications, PanelToHostNotifications>(
      this.#port(),
      {
        handlers: {
          ...actions,
          ready: (held) => {
            this.#feed.ready(held.from, held.fromLabel)
            return actions.ready(held)
          },
          hold: ({ held }) => this.#feed.hold(held),
        },
        onNotify: { acknowledge: () => this.#feed.acknowledge() },
      },
    )
    this.#subscriptions.push(panel.onDidChangeViewState(() => this.#feed.setVisible(panel.visible)))
    this.#load()
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose()
    this.#feed.dispose()
    this.#endpoint.dispose()
  }

  #load(): void {
    const { webview } = this.#panel
    const dist = vscode.Uri.joinPath(this.#options.extensionUri, 'dist')
    const resource = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString()
    webview.options = { enableScripts: true, localResourceRoots: [dist] }
    webview.html = panelHtml({
      script: resource('webview.js'),
      style: resource('webview.css'),
      cspSource: webview.cspSource,
      nonce: randomBytes(18).toString('base64'),
    })
  }

  #port(): Port {
    const { webview } = this.#panel
    const post = (message: unknown) => void webview.postMessage(message)
    return {
      post,
      onMessage: (listener) => {
        this.#subscriptions.push(
          webview.onDidReceiveMessage((raw: unknown) => {
            const checked = checkPanelMessage(raw)
            if ('message' in checked) {
              listener(checked.message)
              return
            }
            this.#options.notifier.internal(checked.problem)
            if (checked.answer !== undefined) post(checked.answer)
          }),
        )
      },
    }
  }
}

export class Panels implements vscode.WebviewPanelSerializer {
  readonly #options: PanelOptions
  /** Called when the panel came back with the window, before it has loaded. */
  readonly #restored: () => void
  #current: { readonly panel: vscode.WebviewPanel; readonly view: PanelView } | undefined

  constructor(options: PanelOptions, restored: () => void) {
    this.#options = options
    this.#restored = restored
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
    this.#current?.panel.dispose()
  }

  #adopt(panel: vscode.WebviewPanel): void {
    panel.iconPath = new vscode.ThemeIcon('pulse')
    const view = new PanelView(panel, this.#options)
    this.#current = { panel, view }
    panel.onDidDispose(() => {
      view.dispose()
      this.#current = undefined
    })
  }
}
