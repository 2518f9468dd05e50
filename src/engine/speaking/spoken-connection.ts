/** Speaks a protocol on one connection: stands between the connection and the hub, and makes a speaker for each attempt. */

import type { CloseEvent, OpenEvent, RealtimeEvent } from '../../shared/event.ts'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import { batchedEvent, type MessageBatch } from '../../shared/message-batch.ts'
import { type ConnectionSpec, DEFAULT_TIMEOUT, type OutboundMessage } from '../../shared/spec.ts'
import { checkFields, requireSpoken } from '../../shared/spoken/check.ts'
import { SPOKEN, type SpokenName } from '../../shared/spoken/table.ts'
import type { FieldValues } from '../../shared/spoken/traits.ts'
import type { ConnectionState, ConnectionStatus } from '../../shared/status.ts'
import { MAX_TIMER_DELAY } from '../../shared/timer-delay.ts'
import { FieldReader } from '../../speak/field-reader.ts'
import { quoted } from '../../speak/messages.ts'
import { PROTOCOLS } from '../../speak/protocols.ts'
import type { HttpSession, Speaker, SpeakerHost, SpokenProtocol } from '../../speak/spoken-protocol.ts'
import type { Connection, ConnectionHost } from '../../transport/connection.ts'
import type { Transport } from '../../transport/transport.ts'
import { HttpSessionTransport } from './http-session.ts'

/** States in which nothing is spoken. A session over HTTP begins before its stream is open. */
const ENDED: ReadonlySet<ConnectionState> = new Set(['waiting', 'closing', 'closed', 'failed'])

/** More are set only for a server that begins its handshake many times. */
const MAX_TIMERS = 16

/** The hub, as far as a spoken protocol needs it. */
export interface SpokenHub extends ConnectionHost {
  /** A value of the protocol as it is sent now: with access tokens in its texts. */
  withTokens?<T>(connection: Connection, value: T): T
}

export class SpokenConnection implements ConnectionHost {
  readonly #hub: SpokenHub
  readonly #name: SpokenName
  readonly #protocol: SpokenProtocol
  readonly #written: FieldValues
  readonly #options: FieldReader
  readonly #timeout: number
  #connection: Connection | undefined
  /** Of the current attempt. */
  #open: OpenEvent | undefined
  #url = ''
  #speaker: Speaker | undefined
  #ready = false
  /** Whether another attempt can help if the peer does not answer: the user asks for it, or a handshake was complete. */
  #triesAgain: boolean
  /** If the protocol is spoken over HTTP. */
  #http: HttpSessionTransport | undefined
  #session: HttpSession | undefined
  readonly #timers = new Set<NodeJS.Timeout>()

  /** Throws a `Failure` `BAD_SPEC` if the protocol cannot be spoken, or if its options are wrong. */
  constructor(hub: SpokenHub, { protocol = '', protocolOptions = {}, timeout, reconnect }: ConnectionSpec) {
    this.#hub = hub
    this.#name = requireSpoken(protocol, protocolOptions)
    this.#protocol = PROTOCOLS[this.#name]
    this.#written = protocolOptions
    this.#options = new FieldReader(SPOKEN[this.#name].options, protocolOptions)
    this.#timeout = timeout ?? DEFAULT_TIMEOUT
    this.#triesAgain = reconnect !== undefined && reconnect !== 'never'
  }

  /** Says which connection it speaks on. Call once, before the connection starts. */
  attach(connection: Connection): void {
    this.#connection = connection
  }

  get clock() {
    return this.#hub.clock
  }

  get sessions() {
    return this.#hub.sessions
  }

  network() {
    return this.#hub.network()
  }

  async prepare(spec: ConnectionSpec): Promise<ConnectionSpec> {
    await this.#protocol.load?.()
    const prepared = this.#protocol.prepare?.(spec, this.#options) ?? spec
    this.#url = prepared.url
    return prepared
  }

  createTransport(spec: ConnectionSpec): Transport | undefined {
    const open = this.#protocol.overHttp?.(spec, this.#options)
    const began = (session: HttpSession) => this.#beginHttp(session)
    this.#http = open && new HttpSessionTransport(open, began, this.#session?.again?.(spec))
    return this.#http
  }

  requestHook(connection: Connection, spec: ConnectionSpec) {
    return this.#hub.requestHook?.(connection, spec)
  }

  append(event: RealtimeEvent): void {
    this.#hub.append(event)
    if (event.type === 'open') this.#open = event
    else if (event.type === 'close') this.#closed(event)
    else if (event.type === 'message' && event.direction === 'in')
      this.#speak((speaker) => speaker.received(event))
  }

  appendBatch(connection: number, batch: MessageBatch): void {
    this.#hub.appendBatch?.(connection, batch)
    for (let index = 0; index < batch.count; index++)
      this.#speak((speaker) => speaker.received({ ...batchedEvent(batch, index), connection }))
  }

  changed(connection: Connection): void {
    const { state } = connection.status()
    if (ENDED.has(state)) this.#end()
    else if (this.#open !== undefined && this.#speaker === undefined) this.#begin(this.#open)
    this.#hub.changed(connection)
  }

  frame(message: OutboundMessage): OutboundMessage {
    return message.automatic === 'protocol' ? message : (this.#speaker?.frame?.(message) ?? message)
  }

  closing(): void {
    this.#speak((speaker) => speaker.closing?.())
  }

  speaking(): NonNullable<ConnectionStatus['speaking']> {
    return { protocol: this.#name, ready: this.#ready }
  }

  /** The messages of a form. Throws a `Failure`: `NOT_OPEN`, or `BAD_SPEC` if a value is missing or wrong. */
  compose(form: string, values: FieldValues): readonly OutboundMessage[] {
    const fields = SPOKEN[this.#name].forms.find(({ name }) => name === form)?.fields
    if (fields === undefined) throw new Failure('BAD_SPEC', `${this.#name} has no form ${form}.`)
    checkFields(fields, values, { of: form, noun: 'field' })
    const speaker = this.#speaker
    if (speaker === undefined || !this.#ready)
      throw new Failure('NOT_OPEN', `The handshake of ${this.#name} is not complete; wait until it is.`)
    return speaker.compose?.(form, new FieldReader(fields, values)) ?? []
  }

  /** The options with the access tokens of this attempt. */
  #optionsNow(): FieldReader {
    if (this.#connection === undefined || this.#hub.withTokens === undefined) return this.#options
    const values = this.#hub.withTokens(this.#connection, this.#written)
    return values === this.#written ? this.#options : new FieldReader(SPOKEN[this.#name].options, values)
  }

  #beginHttp(session: HttpSession): void {
    const { spec, greeting } = session
    this.#session = session
    this.#url = spec.url
    this.#begin({ headers: {} })
    for (const message of greeting) this.#speak((speaker) => speaker.received(message))
  }

  #begin({ subprotocol, headers }: Pick<OpenEvent, 'subprotocol' | 'headers'>): void {
    this.#open = undefined
    const host = this.#hostOf()
    this.#speaker = this.#protocol.speak(host, this.#optionsNow())
    const { awaits } = this.#protocol
    if (awaits === undefined) this.#ready = true
    else
      host.after(this.#timeout, () => {
        if (this.#ready) return
        const why = `The server did not send ${awaits} within ${this.#timeout} ms; check that it speaks ${this.#name}.`
        if (this.#triesAgain) host.lost(why)
        else host.refused(why)
      })
    this.#speak((speaker) => speaker.opened({ url: this.#url, subprotocol, headers }))
  }

  /** A server that closes during the first handshake refuses it, even if it closes normally. */
  #closed({ by, code, reason = '' }: CloseEvent): void {
    const { awaits } = this.#protocol
    const isRefusal = by === 'server' && this.#speaker !== undefined && !this.#ready && !this.#triesAgain
    this.#end()
    if (!isRefusal || awaits === undefined) return
    const said = [code, reason].filter(Boolean).map(quoted).join(' ')
    this.#fail(
      'REFUSED',
      `The server closed the connection${said && ` (${said})`} before it sent ${awaits}; check the URL and the options of ${this.#name}.`,
      'failed',
    )
  }

  #hostOf(): SpeakerHost {
    return {
      send: (message) => this.#send(message),
      after: (ms, callback) => this.#after(ms, callback),
      ready: () => {
        if (this.#ready) return
        this.#ready = true
        this.#triesAgain = true
        if (this.#connection !== undefined) this.#hub.changed(this.#connection)
      },
      refused: (why) => this.#fail('REFUSED', why, 'failed'),
      lost: (why) => this.#fail('PROTOCOL', why, 'lost'),
      isPaused: () => this.#connection?.status().stalled === true,
    }
  }

  #send(message: OutboundMessage): void {
    try {
      const sender = this.#http ?? this.#connection
      sender?.send({ ...message, automatic: 'protocol' })
    } catch (thrown) {
      // A connection that is closing ends the speaker soon.
      if (!(thrown instanceof Failure)) throw thrown
      if (thrown.code !== 'NOT_OPEN')
        this.#fail(thrown.code, thrown.message, thrown.code === 'CANNOT_SEND' ? 'failed' : 'lost')
    }
  }

  #after(ms: number, callback: () => void): () => void {
    if (this.#timers.size >= MAX_TIMERS) throw new Error('the server repeats its handshake')
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer)
        this.#speak(callback)
      },
      Math.min(Math.max(ms, 1), MAX_TIMER_DELAY),
    )
    this.#timers.add(timer)
    return () => {
      clearTimeout(timer)
      this.#timers.delete(timer)
    }
  }

  /** Calls the speaker. What it throws ends the attempt: the peer does not speak the protocol. */
  #speak(call: (speaker: Speaker) => void): void {
    if (this.#speaker === undefined) return
    try {
      call(this.#speaker)
    } catch (thrown) {
      const why = sentenceOf(thrown)
      if (this.#ready)
        this.#fail('PROTOCOL', `A message could not be read as ${this.#name}: ${why}; connect again.`, 'lost')
      else
        this.#fail(
          'REFUSED',
          `The ${this.#name} handshake failed: ${why}; check that the server speaks it.`,
          'failed',
        )
    }
  }

  #fail(code: string, why: string, end: 'lost' | 'failed'): void {
    this.#end()
    this.#connection?.fail(new Failure(code, why), end)
  }

  #end(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.#speaker = undefined
    this.#open = undefined
    this.#ready = false
  }
}
