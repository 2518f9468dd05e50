/** The sessions of live clients. */
import { forgetOldest } from '../../../shared/maps.ts'
import type { Playback } from '../serve-options.ts'
import { LiveSession } from './live-session.ts'
import type { RecordedSession } from './recorded-sessions.ts'

/** Sessions at the same time. If there are more, the oldest end. */
const MAX_SESSIONS = 1000

export class LiveSessions {
  readonly #playback: Playback
  readonly #sessions = new Map<string, LiveSession>()
  /** How many clients got a recorded session at a path. */
  readonly #turns = new Map<string, number>()

  constructor(playback: Playback) {
    this.#playback = playback
  }

  get(id: string): LiveSession | undefined {
    return this.#sessions.get(id)
  }

  /** Starts a session that plays the recorded one whose turn it is. Undefined if there is none. */
  start(id: string, recorded: readonly RecordedSession[]): LiveSession | undefined {
    const path = recorded[0]?.url.pathname ?? ''
    const turn = this.#turns.get(path) ?? 0
    const next = recorded[turn % recorded.length]
    if (next === undefined) return undefined
    this.#turns.set(path, turn + 1)
    if (this.#sessions.size >= MAX_SESSIONS) this.#sessions.values().next().value?.end()
    const session = new LiveSession(id, next, this.#playback)
    this.#sessions.set(id, session)
    forgetOldest(this.#sessions, MAX_SESSIONS)
    session.signal.addEventListener('abort', () => this.#sessions.delete(id), { once: true })
    session.start()
    return session
  }

  close(): void {
    for (const session of [...this.#sessions.values()]) session.end()
  }
}
