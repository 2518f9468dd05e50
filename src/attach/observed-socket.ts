/** A WebSocket of a program, as DevTools reports it. */
import { isUtf8 } from 'node:buffer'
import type { SeenSocket, SourceLocation } from '../shared/traffic.ts'
import type { NetworkEvents } from './network-events.ts'
import { failureCodeOf } from './network-failure.ts'
import type { Departure, Initiator, ObservedTarget } from './observed-target.ts'
import { OrderedTimes } from './program-clock.ts'
import { headersOf, ownHeadersOf, valueIn } from './response-facts.ts'
import { Steps } from './steps.ts'

/** RFC 6455, section 5.2. */
const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

type Handshake = NetworkEvents['Network.webSocketWillSendHandshakeRequest']['request']
type Response = NetworkEvents['Network.webSocketHandshakeResponseReceived']['response']
type Frame = NetworkEvents['Network.webSocketFrameReceived']['response']

/** All times are on the host's clock. */
export class ObservedSocket {
  readonly #target: ObservedTarget
  readonly #url: string
  readonly #createdAt: number
  readonly #times = new OrderedTimes()
  readonly #steps = new Steps()
  #initiator: SourceLocation | undefined
  #seen: SeenSocket | undefined
  #close: { readonly code?: number; readonly reason?: string } = {}

  constructor(target: ObservedTarget, url: string, initiator: Initiator, createdAt: number) {
    this.#target = target
    this.#url = url
    this.#createdAt = createdAt
    this.#steps.add(() =>
      target.locate(initiator)?.then((location) => {
        this.#initiator = location
      }),
    )
  }

  handshake({ headers }: Handshake, time: number): void {
    this.#then(() => this.#begin(time, headers))
  }

  response({ status, headers: fields }: Response, time: number): void {
    // A refusal is followed by an error.
    if (status !== 101) return
    const headers = headersOf(fields)
    const subprotocol = valueIn(headers, 'sec-websocket-protocol')
    const extensions = valueIn(headers, 'sec-websocket-extensions')
    this.#then(() =>
      this.#begin(time).emit({
        ...{ type: 'open', time: this.#times.next(time), transport: 'websocket', status, headers },
        ...(subprotocol !== undefined && { subprotocol }),
        ...(extensions !== undefined && { extensions }),
      }),
    )
  }

  frame(direction: 'in' | 'out', { opcode, payloadData }: Frame, time: number): void {
    this.#then(() => {
      const seen = this.#begin(time)
      const at = this.#times.next(time)
      switch (opcode) {
        case OPCODE.text:
          return seen.emit({
            ...{ type: 'message', time: at, direction },
            opcode: 'text',
            payload: Buffer.from(payloadData),
          })
        case OPCODE.binary:
          return seen.emit({
            ...{ type: 'message', time: at, direction, opcode: 'binary' },
            payload: Buffer.from(payloadData, 'base64'),
          })
        case OPCODE.ping:
        case OPCODE.pong:
          return seen.emit({
            ...{ type: opcode === OPCODE.ping ? 'ping' : 'pong', time: at, direction },
            payload: Buffer.from(payloadData, 'base64'),
          })
        case OPCODE.close:
          this.#close = closeIn(Buffer.from(payloadData, 'base64'))
      }
    })
  }

  error(message: string, time: number): void {
    const [, status] = /Unexpected response code: (\d{3})/.exec(message) ?? []
    this.#then(() =>
      this.#begin(time).emit({
        ...{
          type: 'error',
          time: this.#times.next(time),
          message: `The program's WebSocket failed: ${message}`,
        },
        ...(status === undefined
          ? { code: failureCodeOf(message) }
          : { code: 'HTTP_STATUS', status: Number(status) }),
      }),
    )
  }

  closed(time: number): void {
    this.#then(() => this.#begin(time).emit({ type: 'close', time: this.#times.next(time), ...this.#close }))
  }

  /** It ended, or is no longer seen, because of something else. */
  left({ time, ...departure }: Departure): void {
    this.#then(() => this.#seen?.emit({ type: 'close', ...departure, time: this.#times.next(time) }))
    this.#steps.flush()
  }

  /** Reports that the program opens it, unless it was reported. */
  #begin(time: number, fields: Readonly<Record<string, string>> = {}): SeenSocket {
    if (this.#seen !== undefined) return this.#seen
    const { host, control, program, through } = this.#target
    const offered = valueIn(headersOf(fields), 'sec-websocket-protocol')
    this.#seen = host.webSocket(
      {
        ...{ source: 'debugger', url: this.#url, headers: ownHeadersOf(fields), program, through },
        time: this.#times.next(Math.min(time, this.#createdAt)),
        ...(offered !== undefined && { subprotocols: offered.split(/\s*,\s*/) }),
        ...(this.#initiator !== undefined && { initiator: this.#initiator }),
      },
      control,
    )
    return this.#seen
  }

  #then(step: () => void): void {
    this.#steps.add(() => {
      step()
      return undefined
    })
  }
}

/** The payload of a close frame (RFC 6455, section 5.5.1). */
function closeIn(payload: Buffer): { readonly code?: number; readonly reason?: string } {
  if (payload.length < 2) return {}
  const reason = payload.subarray(2)
  return { code: payload.readUInt16BE(), ...(isUtf8(reason) && { reason: reason.toString() }) }
}
