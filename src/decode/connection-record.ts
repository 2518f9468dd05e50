/** What a session says about one connection: its facts, and the bodies of its requests. */
import type { ConnectEvent, OpenEvent, RequestEvent } from '../shared/event.ts'
import { TRANSPORT_TRAITS, type TransportTraits } from '../shared/transports.ts'
import { CurrentMessage } from './current-message.ts'
import type { ConnectionFacts, EncodedMessage } from './decoder.ts'
import { asBuffer } from './values.ts'

/** What a user chose for a connection. */
export type UserChoice = Pick<ConnectionFacts, 'decoder' | 'decoderOptions'>

/** A message as a session stores it. */
export type StoredMessage = Pick<
  EncodedMessage,
  'number' | 'time' | 'direction' | 'binary' | 'eventName' | 'payload' | 'size'
>

/** The body of a request, as a spec has it. */
type Body = ConnectEvent['body']

export class ConnectionRecord {
  #facts: ConnectionFacts
  /** Traits of its transport. */
  #traits: TransportTraits | undefined
  #body: Uint8Array | undefined
  /** Number of the first outbound message of a poll: some recordings store bodies as messages. */
  #firstSent = Number.POSITIVE_INFINITY
  /** Whether that message is the body of the `connect` event. */
  #repeatsBody = false
  /** The URL of the latest request. */
  url: string | undefined

  constructor(connection: number, choice: UserChoice = {}) {
    this.#facts = { connection, ...choice }
  }

  get facts(): ConnectionFacts {
    return this.#facts
  }

  /** Whether the connection repeats its request. */
  get isPoll(): boolean {
    return this.#traits?.polls === true
  }

  /** Takes note of an attempt. */
  connected(event: ConnectEvent, choice: UserChoice = {}): void {
    const { connection, url, transport, method, headers, body, protocol, decoder = protocol } = event
    this.url = undefined
    if (event.attempt > 0 && this.#facts.url !== undefined) return
    this.#body = traitsOf(transport)?.sends === true ? undefined : (bytesOf(body) ?? impliedBody(method))
    this.#facts = {
      connection,
      url,
      ...(transport !== 'auto' && { transport }),
      method,
      requestHeaders: headers,
      ...(typeof decoder === 'string' && { decoder }),
      ...choice,
    }
    this.#traits = traitsOf(this.#facts.transport)
  }

  opened({ transport, subprotocol, headers }: OpenEvent): void {
    this.#facts = {
      ...this.#facts,
      ...(transport !== undefined && { transport }),
      subprotocol,
      responseHeaders: headers,
    }
    this.#traits = traitsOf(this.#facts.transport)
  }

  /** Takes note of a message of a poll. Returns whether it repeats the body of the poll's first request. */
  repeats(message: StoredMessage): boolean {
    const { number, direction } = message
    if (direction === 'in' || !this.isPoll) return false
    if (this.#firstSent === Number.POSITIVE_INFINITY) {
      this.#firstSent = number
      this.#repeatsBody = this.#body !== undefined && areEqual(this.#body, message.payload)
    }
    return number === this.#firstSent && this.#repeatsBody
  }

  /** The body that an attempt sends, or undefined. */
  get connectBody(): Uint8Array | undefined {
    return this.isPoll ? undefined : this.#body
  }

  /** The body that a cycle of a poll sends: its own, or that of the connection if the cycles are all alike. */
  requestBody(number: number, { body }: Pick<RequestEvent, 'body'>): Uint8Array | undefined {
    return bytesOf(body) ?? (this.isPoll && number < this.#firstSent ? this.#body : undefined)
  }

  /** Adds what a decoder gets to know of the message's connection. */
  encode(message: CurrentMessage, url = this.url): EncodedMessage {
    const facts = this.#facts
    message.facts = facts
    message.isRequest = message.direction === 'out' && this.#traits?.sends === false
    message.url = url ?? facts.url ?? ''
    return message
  }

  /** The body of a request for a decoder. */
  encodeBody(number: number, time: number, payload: Uint8Array, url = this.url): EncodedMessage {
    const stored = { number, time, direction: 'out', binary: false, eventName: '', payload } as const
    const message = encodable({ ...stored, size: payload.length })
    this.encode(message, url)
    message.isRequest = true
    return message
  }
}

/** A message to which a decoder's part can be added. */
export function encodable(stored: StoredMessage): CurrentMessage {
  const message = new CurrentMessage()
  message.number = stored.number
  message.time = stored.time
  message.direction = stored.direction
  message.binary = stored.binary
  message.eventName = stored.eventName
  message.size = stored.size
  message.take(asBuffer(stored.payload), 0, stored.payload.length)
  return message
}

function traitsOf(transport: string | undefined): TransportTraits | undefined {
  const traits: Readonly<Record<string, TransportTraits>> = TRANSPORT_TRAITS
  return transport !== undefined && Object.hasOwn(traits, transport) ? traits[transport] : undefined
}

function bytesOf(body: Body): Uint8Array | undefined {
  if (body === undefined) return undefined
  return typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.base64, 'base64')
}

/** The URL of a DELETE request says it all, so that decoders see it without a body too. */
function impliedBody(method: string | undefined): Uint8Array | undefined {
  return method === 'DELETE' ? new Uint8Array(0) : undefined
}

function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0
}
