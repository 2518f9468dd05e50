/** The page in a webview, and the line to it: in the panel, and in the editor of a recording. */
import { randomBytes } from 'node:crypto'
import * as vscode from 'vscode'
import type { PanelNotifications, PanelToHostNotifications } from '../../shared/protocol/notifications.ts'
import { type Handlers, type Methods, type Port, RpcEndpoint } from '../../shared/protocol/rpc.ts'
import type { PanelMethods } from '../../shared/protocol.ts'
import type { EngineSession } from '../session/engine-session.ts'
import { addKeyboardPage, focusWhatIsAsked, type KeyboardPage } from '../ui/asking.ts'
import type { Notifier } from '../ui/notifier.ts'
import { panelHtml } from '../ui/page-html.ts'
import { checkPanelMessage } from './check-message.ts'
import { PanelFeed } from './feed.ts'

/** What the page may call, besides what the view answers itself. */
export type PanelActions = Handlers<Omit<PanelMethods, 'ping'>>

type Notify = <K extends keyof PanelNotifications & string>(name: K, data: PanelNotifications[K]) => void

/** Something beside the session that the page is told of when it has loaded, and whenever it changes. */
export interface Beside {
  readonly onChange: vscode.Event<unknown>
  tell(notify: Notify): void
}

export interface PanelViewOptions {
  readonly extensionUri: vscode.Uri
  readonly session: EngineSession
  readonly notifier: Notifier
  readonly actions: PanelActions
  readonly beside?: readonly Beside[]
  /** What pages of this kind leave to the next one; kept in memory only. */
  readonly kept?: { state?: string }
}

/** Milliseconds that something to be asked waits for a page to give up the keyboard. */
const MOST_PATIENCE = 2000

/** One webview and the session it shows. */
export class PanelView implements KeyboardPage {
  readonly #feed: PanelFeed
  readonly #endpoint: RpcEndpoint<PanelMethods, Methods, PanelNotifications, PanelToHostNotifications>
  readonly #panel: vscode.WebviewPanel
  readonly #options: PanelViewOptions
  readonly #subscriptions: vscode.Disposable[] = []
  readonly #gaveUp = new vscode.EventEmitter<void>()
  #isLoaded = false

  constructor(panel: vscode.WebviewPanel, options: PanelViewOptions) {
    this.#panel = panel
    this.#options = options
    const { session, notifier, actions, beside = [], kept = {} } = options
    const notify: Notify = (name, data) => this.#endpoint.notify(name, data)
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
          ready: async (held) => {
            this.#feed.ready(held.from, held.fromEventName)
            this.#isLoaded = true
            notify('visible', panel.visible)
            for (const each of beside) each.tell(notify)
            const context = await actions.ready(held)
            return kept.state === undefined ? context : { ...context, kept: kept.state }
          },
          ping: () => null,
          hold: ({ held }) => this.#feed.hold(held),
        },
        onNotify: {
          acknowledge: () => this.#feed.acknowledge(),
          keep: (state) => {
            kept.state = state
          },
          gaveUpKeyboard: () => this.#gaveUp.fire(),
          gotFocus: () => {
            focusWhatIsAsked().catch((error) => notifier.internal(error))
          },
        },
      },
    )
    this.#subscriptions.push(
      session.onFailure(({ message }) => notify('failed', { message })),
      this.#gaveUp,
      addKeyboardPage(this),
      panel.onDidChangeViewState(() => {
        this.#feed.setVisible(panel.visible)
        if (this.#isLoaded) notify('visible', panel.visible)
      }),
      ...beside.map(({ onChange, tell }) => onChange(() => this.#isLoaded && tell(notify))),
    )
    this.#load()
  }

  async giveUpKeyboard(): Promise<void> {
    if (!this.#isLoaded || !this.#panel.visible) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, MOST_PATIENCE)
      const subscription = this.#gaveUp.event(() => {
        clearTimeout(timer)
        subscription.dispose()
        resolve()
      })
      this.#endpoint.notify('asking', true)
    })
  }

  haveKeyboardBack(): void {
    if (this.#isLoaded) this.#endpoint.notify('asking', false)
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
