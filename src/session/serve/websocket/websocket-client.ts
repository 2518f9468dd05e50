/** Plays one attempt to one WebSocket client, depending on what the client sends. */
import type { Duplex } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import type { IndexedRecording } from '../../../capture/recording.ts'
import { unpackKind } from '../../../shared/event-columns.ts'
import { playBlocks } from '../blocks/play-blocks.ts'
import { MessageCounter, RequestIndex } from '../client-messages.ts'
import { describePacket } from '../content/describe-packet.ts'
import { type ContentClient, ContentPlay, type Matched } from '../content/play-content.ts'
import type { RecordedTalk } from '../content/recorded-talk.ts'
import { Pacer } from '../pacer.ts'
import { type AttemptPass, isInbound, type PlayedEvent, playAttempt, playedEvent } from '../play-attempt.ts'
import type { RecordedAttempt } from '../recorded-connection.ts'
import type { Playback } from '../serve-options.ts'
import { webSocketFraming } from './frames.ts'
import { Peer } from './recorded-peer.ts'

/** Messages read before the thread is released. */
const READ_AT_ONCE = 64
/** Number of concurrent replies to a client above which its messages are not read. */
const MAX_ANSWERS = 256

/** The events that follow a message of the recorded client. */
interface RecordedReply {
  readonly from: number
  /** Numbers of the events. */
  readonly events: number[]
}

/** Bytes of a client's message that are reported. */
const MAX_TOLD = 200

export interface PlayedRecording {
  readonly source: IndexedRecording
  readonly attempt: RecordedAttempt
  readonly loop: boolean
  /** What was said on the connection, if clients are answered by what they say. */
  readonly talk: RecordedTalk | undefined
  /** What was said on other connections at the same place. */
  readonly others: readonly RecordedTalk[]
  /** How often the connection had opened before this attempt. */
  readonly openings: number
}

export class WebSocketClient {
  /** Settles when the connection is closed. */
  readonly gone: Promise<void>
  readonly #id: number
  readonly #ws: WebSocket
  readonly #peer: Peer
  readonly #source: IndexedRecording
  readonly #attempt: RecordedAttempt
  readonly #playback: Playback
  readonly #loop: boolean
  readonly #talk: RecordedTalk | undefined
  readonly #others: readonly RecordedTalk[]
  readonly #openings: number
  readonly #control = new AbortController()

  /** If `loop`, the attempt starts over instead of ending. */
  constructor(
    id: number,
    { ws, socket }: { readonly ws: WebSocket; readonly socket: Duplex },
    { source, attempt, loop, talk, others, openings }: PlayedRecording,
    playback: Playback,
  ) {
    this.#id = id
    this.#ws = ws
    this.#peer = new Peer(ws, socket)
    this.#source = source
    this.#attempt = attempt
    this.#loop = loop
    this.#talk = talk
    this.#others = others
    this.#openings = openings
    this.#playback = playback
    // Errors close the connection, which settles `gone`.
    ws.on('error', () => {})
    this.gone = new Promise((resolve) => {
      ws.on('close', () => {
        this.#control.abort()
        resolve()
      })
    })
  }

  /**
   * Plays to the recorded end. Calls `ending` before it ends the connection. Settles when the client has disconnected.
   * Rejects if the recording cannot be read.
   */
  async play(ending: () => void): Promise<void> {
    try {
      const pacer = await this.#playMessages()
      const { end } = this.#attempt
      if (end.kind === 'open') await this.gone
      else await pacer.until(end.time)
      ending()
      await this.#peer.end(end)
    } catch (thrown) {
      if (this.#control.signal.aborted) return
      this.#ws.close(1011, 'the recording cannot be read')
      throw thrown
    }
    await this.gone
  }

  /** Closes the connection because the server stops. */
  close(): void {
    this.#ws.close(1001, 'the recording is no longer served')
  }

  terminate(): void {
    this.#ws.terminate()
  }

  #pacer(): Pacer {
    return new Pacer(this.#playback.speed, this.#control.signal, this.#playback.timers)
  }

  #onMessage(answer: (data: Buffer, isBinary: boolean) => boolean | undefined): void {
    this.#ws.on('message', (data: Buffer, isBinary: boolean) => {
      const matched = answer(data, isBinary)
      this.#tell(data, isBinary, matched === undefined ? {} : { matched })
    })
  }

  #tell(
    data: Buffer,
    isBinary: boolean,
    how: { readonly matched?: boolean; readonly nearest?: string },
  ): void {
    this.#playback.tell({
      type: 'received',
      client: this.#id,
      size: data.length,
      ...(!isBinary && { text: data.toString('utf8', 0, MAX_TOLD) }),
      ...how,
    })
  }

  #playMessages(): Promise<Pacer> {
    if (this.#talk !== undefined) return this.#playContent(this.#talk)
    return this.#playback.match === 'equal' ? this.#playAnswers() : this.#playInOrder()
  }

  async #playContent(talk: RecordedTalk): Promise<Pacer> {
    const { speed, timers } = this.#playback
    const { signal } = this.#control
    const { protocol, facts } = talk.recorded
    const splitter = protocol.splitter(facts)
    const client: ContentClient = {
      send: (packet, compressed) => this.#peer.sendPackets([packet], facts, compressed),
      pause: (isPaused) => (isPaused ? this.#ws.pause() : this.#ws.resume()),
    }
    const attempt = this.#openings
    const others = this.#others
    const play = new ContentPlay(client, {
      talk,
      others,
      attempt,
      loop: this.#loop,
      speed,
      timers,
      signal,
    })
    this.#ws.on('message', (data: Buffer, isBinary: boolean) => {
      const packets = splitter.push({ direction: 'out', payload: data, binary: isBinary })
      const matched = play.received(packets)
      if (matched !== undefined)
        this.#tell(data, isBinary, { matched: matched.matched, ...nearestOf(matched) })
    })
    await play.run(this.#attempt.runs[0]?.opened ?? 0)
    return this.#pacerAtEnd()
  }

  async #playInOrder(): Promise<Pacer> {
    const { signal } = this.#control
    const inOrder = this.#playback.match === 'order'
    const counter = new MessageCounter()
    const pacer = this.#pacer()
    this.#onMessage(() => {
      counter.received()
      return undefined
    })
    const deliver = async (event: PlayedEvent) => {
      if (isInbound(event)) await this.#peer.send(event)
      else if (event.type === 'message' && inOrder) {
        await counter.next(signal)
        pacer.setNow(event.time)
      }
    }
    const pass = { attempt: this.#attempt, pacer, signal, loop: this.#loop }
    if (this.#playback.speed === Number.POSITIVE_INFINITY) await this.#playBlocks(pass, inOrder, deliver)
    else await playAttempt({ ...pass, source: this.#source, isTimed: isInbound, deliver })
    return pacer
  }

  async #playBlocks(
    pass: AttemptPass,
    waits: boolean,
    deliver: (event: PlayedEvent) => Promise<void>,
  ): Promise<void> {
    const { deflates } = this.#peer
    await playBlocks({
      ...pass,
      blocks: this.#playback.blocks.of(pass.attempt, deflates ? 'deflate' : '', () =>
        webSocketFraming({ deflates, waits }),
      ),
      place: { skip: 0, state: '' },
      send: async (frames) => {
        const isWritten = await this.#peer.sendFrames(frames)
        if (isWritten === undefined) await this.gone
        return isWritten === true
      },
      deliver,
    })
  }

  /**
   * Plays what came before the recorded client's first message. Then, for each message of the new client, plays what
   * followed the equal recorded message. Settles when everything was played once.
   */
  async #playAnswers(): Promise<Pacer> {
    const requests = new RequestIndex()
    // Messages that arrive in the meantime are answered afterwards.
    this.#ws.pause()
    const { prelude, answers } = await this.#divide(requests)
    this.#ws.resume()
    // There are no replies: play in order.
    if (answers.length === 0) return this.#playInOrder()
    const { signal } = this.#control
    const left = new Set(answers.keys())
    let underWay = 0
    await new Promise<void>((resolve, reject) => {
      const start = async (reply: RecordedReply, place?: number) => {
        underWay++
        if (underWay >= MAX_ANSWERS) this.#ws.pause()
        await this.#playAnswer(reply)
        underWay--
        this.#ws.resume()
        if (place !== undefined) left.delete(place)
        if (left.size === 0 && underWay === 0 && !this.#loop) resolve()
      }
      this.#onMessage((data, isBinary) => {
        const place = requests.find(data, isBinary ? 'binary' : 'text')
        const answer = place === undefined ? undefined : answers[place]
        if (answer !== undefined) start(answer, place).catch(reject)
        return answer !== undefined
      })
      start(prelude).catch(reject)
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    return this.#pacerAtEnd()
  }

  /** A pacer whose time is that of the last event. */
  #pacerAtEnd(): Pacer {
    const pacer = this.#pacer()
    const { runs } = this.#attempt
    const latest = runs.at(-1)?.events.at(-1)
    pacer.setNow(latest === undefined ? (runs[0]?.opened ?? 0) : this.#source.row(latest).time)
    return pacer
  }

  /** Divides the events into those before the recorded client's first message, and those after each of its messages. */
  async #divide(requests: RequestIndex): Promise<{ prelude: RecordedReply; answers: RecordedReply[] }> {
    const prelude: RecordedReply = { from: this.#attempt.runs[0]?.opened ?? 0, events: [] }
    const answers: RecordedReply[] = []
    for (const index of this.#attempt.runs.flatMap(({ events }) => events)) {
      const { kind, time } = this.#source.row(index)
      const { type, direction } = unpackKind(kind)
      const event = type === 'message' && direction === 'out' ? playedEvent(this.#source, index) : undefined
      if (event?.type === 'message') {
        requests.add(answers.length, event)
        answers.push({ from: time, events: [] })
        if (answers.length % READ_AT_ONCE === 0) await setImmediate()
        this.#control.signal.throwIfAborted()
      } else (answers.at(-1) ?? prelude).events.push(index)
    }
    return { prelude, answers }
  }

  async #playAnswer({ from, events }: RecordedReply): Promise<void> {
    const pacer = this.#pacer()
    pacer.setNow(from)
    for (const index of events) {
      const event = playedEvent(this.#source, index)
      if (event === undefined || !isInbound(event)) continue
      await pacer.until(event.time)
      await this.#peer.send(event)
    }
  }
}

/** The nearest recorded request, for people. */
function nearestOf({ nearest }: Matched): { readonly nearest?: string } {
  return nearest === undefined ? {} : { nearest: describePacket(nearest) }
}
