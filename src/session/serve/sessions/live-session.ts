/** A session of a live client, whose packets leave by the request that the client makes for them, or by a WebSocket. */
import type { ProtocolIds, WholePacket } from '../../../decode/ids/ids.ts'
import { sentenceOf } from '../../../shared/failure.ts'
import { describePacket } from '../content/describe-packet.ts'
import { type ContentClient, ContentPlay } from '../content/play-content.ts'
import type { Playback } from '../serve-options.ts'
import type { RecordedSession } from './recorded-sessions.ts'

/** Packets that wait for the client above which the playback waits. */
const MOST_WAITING = 256
/** Milliseconds without a way to the client after which a session ends. */
const MAX_AWAY = 60_000
/** Bytes of a client's message that are reported. */
const MAX_TOLD = 200

/** A way to the client. */
export interface Outlet {
  /** It takes packets only once, as the response to a poll does. */
  readonly isOnce: boolean
  write(packets: readonly WholePacket[]): Promise<void>
  /** Another way takes its place. */
  replaced?(): void
  /** The session has ended. */
  ended(): void
}

export class LiveSession implements ContentClient {
  readonly id: string
  readonly #client: number
  readonly #recorded: RecordedSession
  readonly #playback: Playback
  readonly #play: ContentPlay
  readonly #control = new AbortController()
  readonly #waiting: WholePacket[] = []
  #outlet: Outlet | undefined
  #isBusy = false
  #taken: () => void = () => {}
  #cancelEnd: () => void = () => {}

  constructor(id: string, recorded: RecordedSession, playback: Playback) {
    const { speed, timers, loop } = playback
    const { signal } = this.#control
    this.id = id
    this.#recorded = recorded
    this.#playback = playback
    this.#client = playback.admit(recorded.connection, 0)
    this.#play = new ContentPlay(this, {
      talk: recorded.talk,
      attempt: 0,
      loop,
      speed,
      timers,
      signal,
      session: id,
    })
  }

  get protocol(): ProtocolIds {
    return this.#recorded.talk.recorded.protocol
  }

  /** Aborted once the session has ended. */
  get signal(): AbortSignal {
    return this.#control.signal
  }

  start(): void {
    const [first] = this.#recorded.talk.preludeOf(0)
    this.#play.run(first?.time ?? 0).catch((thrown: unknown) => {
      if (this.signal.aborted) return
      this.#playback.tell({ type: 'failed', client: this.#client, reason: sentenceOf(thrown) })
      this.end()
    })
    this.#endLater()
  }

  /** Call when packets of the client came in a body or a message. */
  received(packets: readonly WholePacket[], payload: Uint8Array, isBinary: boolean): void {
    const matched = this.#play.received(packets)
    if (matched === undefined) return
    const { nearest } = matched
    this.#playback.tell({
      type: 'received',
      client: this.#client,
      size: payload.length,
      ...(!isBinary && { text: Buffer.from(payload).toString('utf8', 0, MAX_TOLD) }),
      matched: matched.matched,
      ...(nearest !== undefined && { nearest: describePacket(nearest) }),
    })
  }

  /** Packets take this way from now on. */
  attach(outlet: Outlet): void {
    this.#outlet?.replaced?.()
    this.#outlet = outlet
    this.#cancelEnd()
    void this.#pass()
  }

  /** Call when a way to the client is gone. Returns whether packets took it. */
  detach(outlet: Outlet): boolean {
    if (this.#outlet !== outlet) return false
    this.#outlet = undefined
    if (!this.signal.aborted) this.#endLater()
    return true
  }

  /** Ends the way to the client. Packets wait for the next one. */
  release(): void {
    const outlet = this.#outlet
    if (outlet !== undefined && this.detach(outlet)) outlet.replaced?.()
  }

  async send(packet: WholePacket): Promise<void> {
    this.#waiting.push(packet)
    await this.#pass()
    if (this.#waiting.length < MOST_WAITING) return
    await new Promise<void>((resolve) => {
      this.#taken = resolve
    })
  }

  /** Whether so much waits for the client that it should read before it sends more. */
  get isBusy(): boolean {
    return this.#isBusy
  }

  pause(isPaused: boolean): void {
    this.#isBusy = isPaused
  }

  end(): void {
    if (this.signal.aborted) return
    this.#cancelEnd()
    this.#control.abort()
    this.#taken()
    this.#outlet?.ended()
    this.#playback.tell({ type: 'gone', client: this.#client })
  }

  async #pass(): Promise<void> {
    const outlet = this.#outlet
    if (outlet === undefined || this.#waiting.length === 0) return
    if (outlet.isOnce) this.detach(outlet)
    const written = outlet.write(this.#waiting.splice(0))
    this.#taken()
    await written
  }

  #endLater(): void {
    this.#cancelEnd()
    this.#cancelEnd = this.#playback.timers.after(MAX_AWAY, () => this.end())
  }
}
