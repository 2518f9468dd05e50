/** Deltas from the engine to one page: only while it can show them, from what it already holds. */
import * as vscode from 'vscode'
import type { ReaderPosition } from '../../shared/protocol/filtering.ts'
import type { Delta } from '../../shared/protocol.ts'
import type { SessionStatus } from '../../shared/status.ts'
import type { EngineSession } from '../session/engine-session.ts'

export interface PageSide {
  delta(delta: Delta): void
  status(status: SessionStatus): void
  reset(): void
  rewind(count: number): void
  failed(error: unknown): void
}

/** A session in which nothing has happened. */
function emptyStatus(): SessionStatus {
  return {
    startedAt: new Date().toISOString(),
    events: 0,
    firstKept: 0,
    firstPayload: 0,
    spoolBytes: 0,
    connections: [],
    unsaved: 0,
  }
}

export class PanelFeed {
  readonly #session: EngineSession
  readonly #page: PageSide
  readonly #subscriptions: vscode.Disposable
  /** The page has loaded. */
  #ready = false
  #visible: boolean
  #flowing = false
  #subscribing = 0
  /** What the page holds: events and event names before these. */
  #from = 0
  #fromEventName = 0
  #fromMatch: ReaderPosition['fromMatch']
  #held = false

  constructor(session: EngineSession, page: PageSide, visible: boolean) {
    this.#session = session
    this.#page = page
    this.#visible = visible
    this.#subscriptions = vscode.Disposable.from(
      session.onStart(() => this.#flow()),
      session.onDelta((delta) => this.#forward(delta)),
      session.onStatus((status) => {
        if (this.#flowing || status === undefined) page.status(status ?? emptyStatus())
      }),
      session.onReset(() => this.#restart()),
      session.onRewind((count) => this.#rewind(count)),
      session.onFailure(() => {
        this.#flowing = false
      }),
    )
  }

  /** The page has loaded, and holds the events before `from`. */
  ready(from: number, fromEventName: number): void {
    this.#ready = true
    this.#held = false
    this.#fromMatch = undefined
    this.#from = from
    this.#fromEventName = fromEventName
    this.#flow()
  }

  /** Keeps new events back from the page while capture goes on, or lets them come again. */
  async hold(held: boolean): Promise<null> {
    this.#held = held
    return this.#flowing ? await this.#session.call('hold', { held }) : null
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
      .catch((error) => this.#page.failed(error))
      .finally(() => {
        this.#subscribing--
      })
    if (this.#session.status !== undefined) this.#page.status(this.#session.status)
  }

  #stop(): void {
    if (!this.#flowing) return
    this.#flowing = false
    if (!this.#session.running) return
    this.#session.call('unsubscribe', null).catch((error) => this.#page.failed(error))
  }

  #forward(delta: Delta): void {
    if (!this.#flowing) return
    const { columns, firstEventName, eventNames, matches } = delta
    if (columns.count > 0) {
      this.#from = columns.first + columns.count
      this.#fromEventName = firstEventName + eventNames.length
    }
    if (matches !== undefined) {
      const { generation, first, indexes } = matches
      this.#fromMatch = { generation, count: first + indexes.length }
    }
    this.#page.delta(delta)
  }

  #rewind(count: number): void {
    this.#from = Math.min(this.#from, count)
    this.#fromMatch = undefined
    this.#page.rewind(count)
  }

  #restart(): void {
    this.#from = 0
    this.#fromEventName = 0
    this.#fromMatch = undefined
    this.#held = false
    this.#page.reset()
    // A subscription under way names events that are gone; this one comes after it.
    if (this.#flowing && this.#subscribing > 0) this.#flow()
  }
}
