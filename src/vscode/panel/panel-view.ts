/** The page in a webview and the channel to it, in the live panel and in the editor of recordings. */
import * as vscode from 'vscode'
import type {
  CommandView,
  PageAction,
  PanelNotifications,
  PanelToHostNotifications,
} from '../../shared/protocol/notifications.ts'
import { type Methods, type Port, RpcEndpoint } from '../../shared/protocol/rpc.ts'
import type { PanelContext, PanelMethods } from '../../shared/protocol.ts'
import type { EngineSession } from '../session/engine-session.ts'
import { addKeyboardPage, focusWhatIsAsked, isAsking, type KeyboardPage } from '../ui/asking.ts'
import { loadPage } from '../ui/page.ts'
import type { Surroundings } from '../ui/surroundings.ts'
import { addPage } from './active-page.ts'
import { PanelFeed } from './panel-feed.ts'
import type { PageCalls } from './session-calls.ts'
import type { SideChannel } from './side-channels.ts'

export interface PanelViewOptions extends Pick<Surroundings, 'pages' | 'notifier'> {
  readonly session: EngineSession
  readonly calls: PageCalls
  /** Sent to the page when it has loaded. */
  readonly context: () => PanelContext
  readonly channels: readonly SideChannel[]
  /** What a page leaves for the next one; in memory only. */
  readonly kept?: { state?: string }
}

/** Milliseconds to wait for a page to give up the keyboard before the user is asked. */
const KEYBOARD_TIMEOUT = 2000

/** One webview and the session it shows. */
export class PanelView implements KeyboardPage {
  readonly #feed: PanelFeed
  readonly #endpoint: RpcEndpoint<PanelMethods, Methods, PanelNotifications, PanelToHostNotifications>
  readonly #panel: vscode.WebviewPanel
  readonly #options: PanelViewOptions
  readonly #subscriptions: vscode.Disposable[] = []
  readonly #gaveUp = new vscode.EventEmitter<void>()
  #isLoaded = false
  #isDisposed = false
  /** Shown when the page has loaded. */
  #wanted: CommandView | undefined

  constructor(panel: vscode.WebviewPanel, options: PanelViewOptions) {
    this.#panel = panel
    this.#options = options
    const { pages, session, notifier, calls, context, channels, kept = {} } = options
    this.#endpoint = new RpcEndpoint<PanelMethods, Methods, PanelNotifications, PanelToHostNotifications>(
      this.#port(),
      {
        handlers: {
          ...calls,
          ready: ({ from, fromEventName }) => {
            this.#feed.ready(from, fromEventName)
            this.#isLoaded = true
            this.#endpoint.notify('visible', panel.visible)
            for (const channel of channels) channel.send(this.#endpoint)
            if (this.#wanted !== undefined) this.showView(this.#wanted)
            if (isAsking()) this.#endpoint.notify('asking', true)
            return { ...context(), ...(kept.state !== undefined && { kept: kept.state }) }
          },
          ping: () => {},
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
    this.#feed = new PanelFeed(session, this.#endpoint, { visible: panel.visible, notifier })
    this.#subscriptions.push(
      session.onFailure(({ message }) => this.#endpoint.notify('failed', { message })),
      this.#gaveUp,
      addKeyboardPage(this),
      addPage(this),
      panel.onDidChangeViewState(() => {
        this.#feed.setVisible(panel.visible)
        if (this.#isLoaded) this.#endpoint.notify('visible', panel.visible)
      }),
      ...channels.map((channel) => channel.onChange(() => this.#isLoaded && channel.send(this.#endpoint))),
    )
    loadPage(panel.webview, pages, 'webview')
  }

  get isLoading(): boolean {
    return !this.#isLoaded && this.#panel.visible
  }

  async giveUpKeyboard(): Promise<void> {
    if (!this.#isLoaded || !this.#panel.visible) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, KEYBOARD_TIMEOUT)
      const subscription = this.#gaveUp.event(() => {
        clearTimeout(timer)
        subscription.dispose()
        resolve()
      })
      this.#endpoint.notify('asking', true)
    })
  }

  /** Whether its editor is the active one. */
  get isActive(): boolean {
    return this.#panel.active
  }

  act(action: PageAction): void {
    if (this.#isLoaded) this.#endpoint.notify('act', action)
  }

  /** Shows a view, at once or when the page has loaded. */
  showView(view: CommandView): void {
    this.#wanted = this.#isLoaded ? undefined : view
    this.act(view)
  }

  haveKeyboardBack(): void {
    if (this.#isLoaded) this.#endpoint.notify('asking', false)
  }

  dispose(): void {
    this.#isDisposed = true
    for (const subscription of this.#subscriptions) subscription.dispose()
    this.#feed.dispose()
    this.#endpoint.dispose()
  }

  #port(): Port {
    const { webview } = this.#panel
    const post = (message: unknown) => void webview.postMessage(message)
    // Loaded while the page loads. Messages stay in their order.
    const checks = import('./check-message.ts')
    return {
      post,
      onMessage: (listener) => {
        this.#subscriptions.push(
          webview.onDidReceiveMessage(async (raw: unknown) => {
            const { checkPanelMessage } = await checks
            if (this.#isDisposed) return
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
