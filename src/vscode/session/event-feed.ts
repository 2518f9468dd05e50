/** Fires for each event of the live session. Reads events from the engine only while there are listeners. */
import * as vscode from 'vscode'
import type { SessionEvent } from '../api.ts'
import type { LiveSession } from './live-session.ts'

/** Number of events to read from the engine at a time. */
const BATCH = 500

export class EventFeed {
  readonly #session: LiveSession
  readonly #log: vscode.LogOutputChannel
  readonly #emitter = new vscode.EventEmitter<SessionEvent>()
  readonly #subscriptions: vscode.Disposable[]
  #listeners = 0
  /** Number of the event to read next. */
  #next = 0
  #reading = false

  constructor(session: LiveSession, log: vscode.LogOutputChannel) {
    this.#session = session
    this.#log = log
    this.#subscriptions = [
      this.#emitter,
      session.onStatus(() => this.#poke()),
      session.on('reset', (reset) => {
        this.#next = reset.why === 'restored' ? this.#next + reset.moved : 0
      }),
    ]
  }

  readonly onEvent: vscode.Event<SessionEvent> = (listener, thisArg, disposables) => {
    if (this.#listeners === 0) this.#next = this.#session.status?.events ?? 0
    this.#listeners++
    const subscription = this.#emitter.event(listener, thisArg)
    let active = true
    const disposable = new vscode.Disposable(() => {
      if (!active) return
      active = false
      this.#listeners--
      subscription.dispose()
    })
    disposables?.push(disposable)
    return disposable
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose()
  }

  #poke(): void {
    if (this.#reading || this.#listeners === 0 || !this.#behind()) return
    this.#reading = true
    this.#read()
      .catch((error) => this.#log.error('Events could not be read from the engine:', error))
      .finally(() => {
        this.#reading = false
      })
  }

  #behind(): boolean {
    return this.#next < (this.#session.status?.events ?? 0)
  }

  async #read(): Promise<void> {
    while (this.#listeners > 0 && this.#behind()) {
      const from = this.#next
      const { lines, next } = await this.#session.call('lines', { from, max: BATCH })
      // The session was cleared meanwhile: these lines are obsolete, and reading starts again.
      if (this.#next !== from) continue
      this.#next = next
      for (const line of lines) this.#emitter.fire(JSON.parse(line))
      if (next <= from) return
    }
  }
}
