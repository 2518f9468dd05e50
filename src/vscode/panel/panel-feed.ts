/** Forwards what the engine says of a session to one page, but only while the page is visible. */
import * as vscode from 'vscode'
import type { ReaderPosition } from '../../shared/protocol/filtering.ts'
import type { PanelNotifications } from '../../shared/protocol/notifications.ts'
import type { Delta } from '../../shared/protocol.ts'
import type { EngineSession, SessionNotification } from '../session/engine-session.ts'
import type { Notifier } from '../ui/notifier.ts'

/** The page in a webview, as the editor speaks to it. */
export interface Page {
  notify<K extends keyof PanelNotifications & string>(name: K, data: PanelNotifications[K]): void
}

export class PanelFeed {
  readonly #session: EngineSession
  readonly #page: Page
  readonly #notifier: Pick<Notifier, 'internal'>
  readonly #subscriptions: vscode.Disposable
  /** The page has loaded. */
  #ready = false
  #visible: boolean
  /** The engine sends its deltas to this page. */
  #flowing = false
  /** Calls of `subscribe` that are under way. */
  #subscribing = 0
  /** The page has the events and the event names before these. */
  #from = 0
  #fromEventName = 0
  #fromMatch: ReaderPosition['fromMatch']
  #held = false

  constructor(
    session: EngineSession,
    page: Page,
    { visible, notifier }: { readonly visible: boolean; readonly notifier: Pick<Notifier, 'internal'> },
  ) {
    this.#session = session
    this.#page = page
    this.#notifier = notifier
    this.#visible = visible
    this.#subscriptions = vscode.Disposable.from(
      session.onStart(() => this.#flow()),
      session.onNotification((notification) => this.#forward(notification)),
      session.onFailure(() => {
        this.#flowing = false
      }),
    )
  }

  /** The page has loaded, and has the events before `from`. */
  ready(from: number, fromEventName: number): void {
    this.#ready = true
    this.#begin(from, fromEventName)
    this.#flow()
  }

  #begin(from: number, fromEventName: number): void {
    this.#held = false
    this.#fromMatch = undefined
    this.#from = from
    this.#fromEventName = fromEventName
  }

  /** Holds new events back from the page while the capture continues, or lets them through again. */
  async hold(held: boolean): Promise<void> {
    this.#held = held
    if (this.#flowing) await this.#session.call('hold', { held })
  }

  setVisible(visible: boolean): void {
    if (visible === this.#visible) return
    this.#visible = visible
    if (visible) this.#flow()
    else this.#stop()
  }

  acknowledge(): void {
    if (this.#flowing) this.#session.acknowledge()
  }

  dispose(): void {
    this.#stop()
    this.#subscriptions.dispose()
  }

  #flow(): void {
    if (!this.#ready || !this.#visible || !this.#session.running) return
    this.#flowing = true
    this.#subscribing++
    this.#session
      .call('subscribe', {
        from: this.#from,
        fromEventName: this.#fromEventName,
        held: this.#held,
        ...(this.#fromMatch === undefined ? {} : { fromMatch: this.#fromMatch }),
      })
      .catch((error) => this.#notifier.internal(error))
      .finally(() => {
        this.#subscribing--
      })
    if (this.#session.status !== undefined) this.#page.notify('status', this.#session.status)
    // What was decoded while the page was hidden.
    this.#page.notify('decoded', { all: true })
  }

  #stop(): void {
    if (!this.#flowing) return
    this.#flowing = false
    if (!this.#session.running) return
    this.#session.call('unsubscribe', null).catch((error) => this.#notifier.internal(error))
  }

  #forward(notification: SessionNotification): void {
    const { name, data } = notification
    switch (name) {
      case 'delta':
        if (!this.#flowing) return
        this.#advance(data)
        break
      case 'status':
        // The page always learns that the engine has stopped.
        if (!this.#flowing && this.#session.status !== undefined) return
        break
      case 'rewind':
        this.#from = Math.min(this.#from, data.count)
        this.#fromMatch = undefined
        break
      case 'reset':
        this.#begin(0, 0)
        break
      case 'decoded':
        if (!this.#flowing) return
        break
      default:
        return
    }
    this.#page.notify(name, data)
    // A subscription that is under way names events that are gone; this one comes after it.
    if (name === 'reset' && this.#flowing && this.#subscribing > 0) this.#flow()
  }

  /** The page will have what the delta brings. */
  #advance({ columns, firstEventName, eventNames, matches }: Delta): void {
    if (columns.count > 0) {
      this.#from = columns.first + columns.count
      this.#fromEventName = firstEventName + eventNames.length
    }
    if (matches !== undefined) {
      const { generation, first, indexes } = matches
      this.#fromMatch = { generation, count: first + indexes.length }
    }
  }
}
