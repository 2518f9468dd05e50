/** Reads both directions of a WebSocket that passes, and reports them in the order of their times. */
import type { EndedBy, Headers, TransportEvent } from '../../shared/event.ts'
import type { Failure } from '../../shared/failure.ts'
import { DEFAULT_MAX_MESSAGE_SIZE, type OutboundMessage } from '../../shared/spec.ts'
import type { SeenHead, SeenSocket, TrafficHost } from '../../shared/traffic.ts'
import {
  type DeflateParameters,
  ExtensionError,
  parseDeflateResponse,
} from '../../transport/websocket/extensions.ts'
import type { InflaterOptions } from '../../transport/websocket/inflater.ts'
import type { ReceivedControl } from '../../transport/websocket/received.ts'
import { Sequencer } from '../../transport/websocket/sequencer.ts'
import type { Guard } from '../guard.ts'
import { DirectionTap } from './direction-tap.ts'
import { endedInsideMessage, type Side, unreadableExtension } from './failures.ts'

const MAX_WINDOW_BITS = 15
/** RFC 6455 section 7.1.5: the code of a close frame without one, and of an end without a close frame. */
const NO_STATUS = 1005
const ABNORMAL = 1006

/** How the connections ended. */
export interface RelayEnd {
  /** The side whose connection ended first; undefined if the proxy ended both. */
  readonly side: Side | undefined
  /** What went wrong with it, or why the proxy ended both. */
  readonly failure: Failure | undefined
  /** Why, as a phrase, if nothing went wrong on the connection itself. */
  readonly reason?: string
}

export class WebSocketTap {
  /** Undefined if the messages cannot be read, because an extension is not understood. */
  readonly out: DirectionTap | undefined
  readonly in: DirectionTap | undefined
  readonly #socket: SeenSocket
  readonly #now: () => number
  readonly #guard: Guard
  readonly #maxSize: number
  readonly #events: Sequencer
  /** The time of the latest event. */
  #latest = 0

  /** Reports `open`. */
  constructor(
    socket: SeenSocket,
    head: SeenHead,
    { clock, maxMessageSize = DEFAULT_MAX_MESSAGE_SIZE }: Pick<TrafficHost, 'clock' | 'maxMessageSize'>,
    guard: Guard,
  ) {
    this.#socket = socket
    this.#now = () => clock.now()
    this.#guard = guard
    this.#maxSize = maxMessageSize
    this.#events = new Sequencer((event) => {
      this.#latest = Math.max(this.#latest, event.time)
      socket.emit(event)
    })
    this.#events.add(openEvent(head))
    const deflate = this.#negotiated(head)
    if (deflate === null) return
    this.out = this.#direction('out', deflate && clientInflater(deflate))
    this.in = this.#direction('in', deflate && serverInflater(deflate))
  }

  /** The connections have closed: reports how. */
  finish({ side, failure, reason }: RelayEnd): void {
    const sides = [
      { side: 'client', tap: this.out },
      { side: 'server', tap: this.in },
    ] as const
    for (const { tap } of sides) tap?.finish()
    for (const { side: cut, tap } of sides) {
      const size = tap?.close === undefined ? (tap?.unfinished ?? 0) : 0
      if (size > 0) this.#fail(endedInsideMessage(cut, size))
    }
    if (failure !== undefined) this.#fail(failure)
    const closing = this.#firstClose()
    if (closing === undefined)
      this.#close({
        ...{ by: side === 'client' ? 'client' : 'network', code: ABNORMAL },
        ...(reason !== undefined && { reason }),
      })
    else this.#close({ by: closing.by, ...contentOf(closing.frame), time: closing.frame.time })
  }

  /** Reports a message that the user has sent to the server. */
  sent({ opcode, payload }: OutboundMessage, wireSize: number): void {
    const message = { type: 'message', direction: 'out', time: this.#now(), opcode, payload } as const
    this.#events.add({ ...message, wireSize, frames: 1, compressed: false })
  }

  #direction(direction: 'in' | 'out', inflater: InflaterOptions | undefined): DirectionTap {
    return new DirectionTap({
      ...{ direction, inflater, events: this.#events, maxSize: this.#maxSize },
      guard: this.#guard,
      emitBatch: (batch) => {
        this.#latest = Math.max(this.#latest, batch.time)
        this.#socket.emitBatch(batch)
      },
      failed: (failure) => this.#fail(failure),
    })
  }

  /** The negotiated permessage-deflate; null if what was negotiated is not understood. */
  #negotiated({ headers }: SeenHead): DeflateParameters | undefined | null {
    const field = fieldOf(headers, 'sec-websocket-extensions')
    if (field === undefined) return undefined
    try {
      return parseDeflateResponse(field)
    } catch (thrown) {
      if (!(thrown instanceof ExtensionError)) throw thrown
      this.#fail(unreadableExtension(thrown.message))
      return null
    }
  }

  /** The close frame that passed first, and who sent it. */
  #firstClose(): { readonly by: EndedBy; readonly frame: ReceivedControl } | undefined {
    const [fromClient, fromServer] = [this.out?.close, this.in?.close]
    if (fromClient !== undefined && fromClient.time <= (fromServer?.time ?? Number.POSITIVE_INFINITY))
      return { by: 'client', frame: fromClient }
    return fromServer && { by: 'server', frame: fromServer }
  }

  #fail({ code, message }: Failure): void {
    this.#events.add({ type: 'error', time: this.#now(), code, message })
  }

  #close(close: { by: EndedBy; code: number; reason?: string; wireSize?: number; time?: number }): void {
    const { time = this.#now(), ...rest } = close
    this.#events.add({ type: 'close', time: Math.max(time, this.#latest), ...rest })
  }
}

function clientInflater(deflate: DeflateParameters): InflaterOptions {
  return {
    forgets: deflate.client_no_context_takeover,
    windowBits: deflate.client_max_window_bits ?? MAX_WINDOW_BITS,
  }
}

function serverInflater(deflate: DeflateParameters): InflaterOptions {
  return {
    forgets: deflate.server_no_context_takeover,
    windowBits: deflate.server_max_window_bits ?? MAX_WINDOW_BITS,
  }
}

function openEvent(head: SeenHead): TransportEvent {
  const { isDecoded: _, ...facts } = head
  const subprotocol = fieldOf(head.headers, 'sec-websocket-protocol')
  const extensions = fieldOf(head.headers, 'sec-websocket-extensions')
  return {
    ...{ type: 'open', transport: 'websocket', ...facts },
    ...(subprotocol !== undefined && { subprotocol }),
    ...(extensions !== undefined && { extensions }),
  }
}

/** The value of a field, its lines joined; undefined if it is absent. */
export function fieldOf(headers: Headers, wanted: string): string | undefined {
  const values = Object.entries(headers)
    .filter(([name]) => name.toLowerCase() === wanted)
    .flatMap(([, value]) => value)
  return values.length === 0 ? undefined : values.join(', ')
}

/** What the frame says; its payload is valid. */
function contentOf({ payload, wireSize }: ReceivedControl) {
  if (payload.length === 0) return { code: NO_STATUS, wireSize }
  const bytes = Buffer.from(payload)
  const reason = bytes.toString('utf8', 2)
  return { code: bytes.readUInt16BE(0), wireSize, ...(reason !== '' && { reason }) }
}
