/** An unfinished entry: one attempt of a connection, or one cycle of a poll. */
import { isUtf8 } from 'node:buffer'
import type {
  ConnectEvent,
  ErrorEvent,
  MessageEvent,
  OpenEvent,
  RealtimeEvent,
  RequestEvent,
  ResponseEvent,
} from '../../../shared/event.ts'
import { isPolling, schemeOf, type TransportName } from '../../../shared/transports.ts'
import { JsonList, type Spool, type Spools } from '../bytes/spools.ts'
import {
  addCommentLine,
  addEventSourceMessage,
  addEventStreamBlock,
  addLine,
  addRecord,
  addStreamMessage,
  addWebSocketMessage,
} from './write-messages.ts'

export type ConnectionEvent = Exclude<RealtimeEvent, { readonly type: 'mark' }>

export class Draft {
  readonly connection: number
  /** Times of the first and the last event, in ms. */
  readonly start: number
  end: number
  /** The connection's specification, from its first attempt. */
  readonly spec: ConnectEvent | undefined
  connect: ConnectEvent | undefined
  open: OpenEvent | undefined
  request: RequestEvent | undefined
  response: ResponseEvent | undefined
  close: Extract<RealtimeEvent, { readonly type: 'close' }> | undefined
  error: ErrorEvent | undefined
  /** The request body, if it was recorded as a message. */
  sent: Uint8Array | undefined
  /** Time of the response body of a poll, in ms. */
  answered: number | undefined
  kind: TransportName | undefined
  readonly messages: JsonList
  /** All events that are not in the list of messages, as lines of a session file. */
  readonly events: JsonList
  readonly body: Spool
  bodyIsText = true
  readonly #startedAt: Date

  constructor(first: ConnectionEvent, spec: ConnectEvent | undefined, startedAt: Date, spools: Spools) {
    this.connection = first.connection
    this.start = first.time
    this.end = first.time
    this.spec = spec
    this.#startedAt = startedAt
    this.messages = new JsonList(spools.make())
    this.events = new JsonList(spools.make())
    this.body = spools.make()
  }

  /** Returns a promise to wait for, if there is one. */
  add(event: ConnectionEvent): Promise<void> | undefined {
    this.end = event.time
    if (event.type === 'message') return this.#addMessage(event)
    this.#note(event)
    return this.#addOther(event)
  }

  remove(): void {
    for (const { spool } of [this.messages, this.events]) spool.remove()
    this.body.remove()
  }

  /** The transport that the entry shows. It is known with the first message at the latest. */
  settle(message?: MessageEvent): TransportName {
    this.kind ??= this.#kindOf(message)
    return this.kind
  }

  #note(event: Exclude<ConnectionEvent, MessageEvent>): void {
    switch (event.type) {
      case 'connect':
        this.connect = event
        break
      case 'open':
        this.open ??= event
        break
      case 'request':
        this.request = event
        break
      case 'response':
        this.response = event
        break
      case 'close':
        this.close = event
        break
      case 'error':
        this.error ??= event
        break
    }
  }

  #kindOf(message: MessageEvent | undefined): TransportName {
    const transport = this.open?.transport ?? this.connect?.transport ?? this.spec?.transport ?? 'auto'
    const known = transport === 'auto' ? undefined : transport
    if (known === 'websocket' || known === 'sse') return known
    if (this.request !== undefined) return 'poll'
    if (known !== undefined) return known
    if (schemeOf(this.connect?.url ?? '') === 'ws') return 'websocket'
    // The recording lacks the start of the connection: decide by the message.
    if (message?.event !== undefined) return 'sse'
    return message?.opcode !== undefined || message?.direction === 'out' ? 'websocket' : 'http-stream'
  }

  async #addOther(event: Exclude<ConnectionEvent, MessageEvent>): Promise<void> {
    if (event.type === 'comment') {
      this.bodyIsText &&= isUtf8(event.payload)
      await addCommentLine(this.body, event)
    }
    await addLine(this.events, event)
  }

  #addMessage(message: MessageEvent): Promise<void> | undefined {
    const kind = this.settle(message)
    if (message.direction === 'out' && kind !== 'websocket') {
      this.sent ??= message.payload
      return addLine(this.events, message)
    }
    // A WebSocket has no body: all its messages are in the list.
    if (kind === 'websocket') return addWebSocketMessage(this.messages, message, this.#startedAt)
    return this.#addReceived(message, kind)
  }

  async #addReceived(message: MessageEvent, kind: TransportName): Promise<void> {
    const { payload } = message
    if (kind === 'sse') await addEventSourceMessage(this.messages, message, this.#startedAt)
    if (kind === 'http-stream') await addStreamMessage(this.messages, message, this.#startedAt)
    if (isPolling(kind)) this.answered = message.time
    this.bodyIsText &&= isUtf8(payload)
    if (kind === 'sse') await addEventStreamBlock(this.body, message)
    else
      await addRecord(
        this.body,
        payload,
        kind === 'http-stream' ? (message.framing ?? this.open?.framing) : undefined,
      )
  }
}
