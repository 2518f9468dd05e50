/** Plays a recorded peer to a WebSocket client by what the client says, in any order and with its own ids. */
import { type ReplaceId, replaceIds, type WholePacket } from '../../../decode/ids/ids.ts'
import type { RecordedPacket } from '../../packets/recorded-packets.ts'
import type { Timers } from '../../replay/timers.ts'
import { Pacer } from '../pacer.ts'
import { ClientTalk } from './client-talk.ts'
import type { Exchange } from './exchange.ts'
import { PeerHeartbeats } from './heartbeats.ts'
import type { RecordedTalk } from './recorded-talk.ts'

export interface ContentClient {
  /** Sends a packet of the recorded peer, with its own ids. Settles when the next can be sent. */
  send(packet: WholePacket, compressed: boolean): Promise<void>
  /** Stops reading from the client, or reads on. */
  pause(isPaused: boolean): void
}

export interface PlayContentOptions {
  readonly talk: RecordedTalk
  /** What was said on other connections at the same place. */
  readonly others?: readonly RecordedTalk[]
  readonly attempt: number
  /** It does not end by itself. */
  readonly loop: boolean
  readonly speed: number
  readonly timers: Timers
  readonly signal: AbortSignal
  /** The id of the client's session, for the recorded one. */
  readonly session?: string
}

/** How a packet of the client was answered. */
export interface Matched {
  readonly matched: boolean
  /** Of a packet that was not: the recorded request that is nearest. */
  readonly nearest?: RecordedPacket | undefined
}

/** Concurrent replies above which the client is not read. */
const MAX_REPLIES = 256

export class ContentPlay {
  readonly #client: ContentClient
  readonly #options: PlayContentOptions
  readonly #talk: ClientTalk
  readonly #heartbeats: PeerHeartbeats
  /** Exchanges of the attempt that have not been played. */
  readonly #left: Set<Exchange>
  #underWay = 0
  /** Packets are sent one after another. */
  #sending: Promise<void> = Promise.resolve()
  #settled: () => void = () => {}
  #failed: (thrown: unknown) => void = () => {}
  #cancelBeat: () => void = () => {}

  constructor(client: ContentClient, options: PlayContentOptions) {
    const { talk, others = [], attempt, signal } = options
    this.#client = client
    this.#options = options
    this.#talk = new ClientTalk(talk, attempt, { others })
    this.#heartbeats = new PeerHeartbeats(talk)
    this.#left = new Set(
      talk.exchanges.filter(({ request }) => request.attempt === attempt && !request.isHeartbeat),
    )
    signal.addEventListener('abort', () => this.#cancelBeat(), { once: true })
  }

  /** Settles when everything that was recorded in the attempt was played. Rejects if sending fails, or with the signal. */
  async run(from: number): Promise<void> {
    const { talk, attempt, signal } = this.#options
    const played = new Promise<void>((resolve, reject) => {
      this.#settled = resolve
      this.#failed = reject
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    this.#beatLater()
    this.#play(from, talk.preludeOf(attempt), () => undefined)
    await played
  }

  /** Answers packets of the client. Undefined if there are none, or only heartbeats. */
  received(packets: readonly WholePacket[]): Matched | undefined {
    let all: Matched | undefined
    for (const packet of packets) {
      const each = this.#answer(packet)
      if (all === undefined || each?.matched === false) all = each ?? all
    }
    return all
  }

  #answer(packet: WholePacket): Matched | undefined {
    const found = this.#talk.find(packet)
    if (found !== undefined) {
      const { exchange, ids } = found
      this.#left.delete(exchange)
      this.#play(exchange.request.time, exchange.replies, ids)
      return exchange.request.isHeartbeat ? undefined : { matched: true }
    }
    if (this.#heartbeats.isBeat(packet)) return undefined
    const reply = this.#heartbeats.reply(packet)
    if (reply === undefined) return { matched: false, nearest: this.#talk.nearest(packet) }
    void this.#send(reply, false)
    return undefined
  }

  #play(from: number, replies: readonly RecordedPacket[], ids: ReplaceId): void {
    this.#underWay++
    if (this.#underWay >= MAX_REPLIES) this.#client.pause(true)
    this.#playAll(from, replies, ids).then(
      () => {
        this.#underWay--
        this.#client.pause(false)
        if (this.#underWay === 0 && this.#left.size === 0 && !this.#options.loop) this.#settled()
      },
      (thrown: unknown) => this.#failed(thrown),
    )
  }

  async #playAll(from: number, replies: readonly RecordedPacket[], ids: ReplaceId): Promise<void> {
    const { speed, signal, timers } = this.#options
    const pacer = new Pacer(speed, signal, timers)
    pacer.setNow(from)
    for (const reply of replies) {
      await pacer.until(reply.time)
      await this.#send(replaceIds(reply.packet, this.#withSession(ids)), reply.compressed)
    }
  }

  #withSession(ids: ReplaceId): ReplaceId {
    const { session } = this.#options
    return (kind, id, side) => ids(kind, id, side) ?? (kind === 'session' ? session : undefined)
  }

  /** Settles when the next packet can be sent. */
  #send(packet: WholePacket, compressed: boolean): Promise<void> {
    this.#sending = this.#sending.then(() => this.#client.send(packet, compressed))
    this.#sending.catch(this.#failed)
    return this.#sending
  }

  /** Heartbeats keep their real interval at any speed: clients do. */
  #beatLater(): void {
    const { interval } = this.#heartbeats
    // The client may disconnect while a heartbeat is written.
    if (interval === undefined || this.#options.signal.aborted) return
    this.#cancelBeat = this.#options.timers.after(interval, () => {
      const beat = this.#heartbeats.beat()
      if (beat === undefined) return
      // The next heartbeat waits until this one is written, so that none pile up for a client that does not read.
      this.#send(beat, false).then(
        () => this.#beatLater(),
        () => {},
      )
    })
  }
}
