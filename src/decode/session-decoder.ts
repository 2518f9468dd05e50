/**
 * Decodes the events of a session in order. Chooses a decoder for each connection, shares it among the connections of a
 * scope, and stops decoding a session or a scope if the decoder throws, takes too long or holds too much.
 */
import type { DecodedEvent } from '../shared/decoded.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { sentenceOf } from '../shared/failure.ts'
import { ConnectionRecord, encodable, type UserChoice } from './connection-record.ts'
import { Conversation, NO_EVENTS, Overload } from './conversation.ts'
import type { CurrentMessage } from './current-message.ts'
import type { ConnectionFacts, Decoder, EncodedMessage } from './decoder.ts'
import { DecoderChoice, FIRST_MESSAGES } from './decoder-choice.ts'
import { DECODERS } from './decoders.ts'
import { Pairing, type PairingListener } from './pairing.ts'
import type { ChosenDecoder } from './recognition-cache.ts'
import { type Stop, Stops } from './stops.ts'

export interface SessionDecoderOptions {
  readonly decoders?: readonly Decoder[]
  /** What the user chose for a connection, in addition to its `connect` event. */
  readonly choiceFor?: (connection: number) => UserChoice | undefined
  /** Called when a connection joins a scope. `from` is the connection's first message, which may be an earlier one. */
  readonly onJoin?: (scope: Scope, from: number) => void
  /** Only keeps the state: `decode` returns no packets. */
  readonly onlyState?: boolean
  readonly listener?: PairingListener
}

/** Connections that share a decoder. */
export interface Scope {
  readonly decoder: Decoder
  readonly connections: Set<number>
  readonly conversation: Conversation
  readonly stops: Stops
  /** Its first event. */
  from: number
}

interface State {
  readonly record: ConnectionRecord
  choice: DecoderChoice | undefined
  scope: ScopeState | undefined
  /** Its facts when it joined the scope. */
  facts: ConnectionFacts | undefined
  /** Its first message. */
  from: number
  /** Messages that it had in its scope, and their packets. */
  messages: number
  packets: number
  /** Why its messages, or some of them, are not decoded. */
  stop: Stop | undefined
  /** Why a decoder that had been chosen was wrong. */
  problem: string | undefined
}

interface ScopeState extends Scope {
  readonly key: string
}

export class SessionDecoder {
  readonly #options: SessionDecoderOptions
  readonly #decoders: readonly Decoder[]
  readonly #states = new Map<number, State>()
  /** The state that was used last: messages often come in runs from one connection. */
  #latest: State | undefined
  readonly #scopes = new Map<string, ScopeState>()
  /** Decoders that are loaded, with the error if loading failed. */
  readonly #loaded = new Map<Decoder, unknown>()
  #wanted: Decoder | undefined
  #isPart = false

  constructor(options: SessionDecoderOptions = {}) {
    this.#options = options
    this.#decoders = options.decoders ?? DECODERS
  }

  /** The decoder to load, if `decode` returned undefined. */
  get wanted(): Decoder | undefined {
    return this.#wanted
  }

  /** Loads every decoder, so that `decode` never returns undefined. */
  async loadAll(): Promise<void> {
    await Promise.all(this.#decoders.map((decoder) => this.load(decoder)))
  }

  /** Loads a decoder. If it fails, the decoder is given up when it is needed. */
  async load(decoder: Decoder): Promise<void> {
    const failure = await decoder.load?.().then(
      () => undefined,
      (thrown: unknown) => thrown ?? new Error('it could not be loaded'),
    )
    this.#loaded.set(decoder, failure)
    if (this.#wanted === decoder) this.#wanted = undefined
  }

  /** Whether the event that was decoded last has only a part of a packet. Not known with `onlyState`. */
  get isPart(): boolean {
    return this.#isPart
  }

  /** The decoder of a connection, and why it was chosen. Undefined if it is not decoded. */
  chosenFor(connection: number): ChosenDecoder | undefined {
    return this.#choiceOf(this.#stateOf(connection)).chosen
  }

  /** Why decoding of a connection stopped, or why it is not done by the decoder that seemed to fit. */
  problemOf(connection: number): string | undefined {
    const { problem, scope, stop = scope?.stops.at(Number.POSITIVE_INFINITY) } = this.#stateOf(connection)
    if (problem !== undefined || stop === undefined) return problem
    const what = scope?.decoder.sessionOf === undefined ? 'the connection' : 'its session'
    return `${stop.reason}; from there on, ${what} is shown as it is.`
  }

  /** Whether further messages cannot change the decoder of the connection. */
  isSettled(connection: number): boolean {
    return this.#choiceOf(this.#stateOf(connection)).isSettled
  }

  recordOf(connection: number): ConnectionRecord {
    return this.#stateOf(connection).record
  }

  /** The scope that the connection has joined. Undefined if nothing of it has been decoded. */
  scopeOf(connection: number): Scope | undefined {
    return this.#stateOf(connection).scope
  }

  /** Adds a connection to the scope of its decoder, from event `number` on. Undefined if it is not decoded. */
  join(connection: number, number: number): Scope | undefined {
    const state = this.#stateOf(connection)
    const { decoder } = this.#choiceOf(state).chosen ?? {}
    return decoder === undefined ? undefined : this.#join(state, decoder, number)
  }

  isLoaded(decoder: Decoder): boolean {
    return decoder.load === undefined || this.#loaded.has(decoder)
  }

  /**
   * The packets that end in event `number`, counted from 0. Undefined if the `wanted` decoder has to be loaded first: load
   * it, and call again with the same event.
   */
  decode(number: number, event: RealtimeEvent): readonly DecodedEvent[] | undefined {
    this.#isPart = false
    switch (event.type) {
      case 'connect': {
        const state = this.#stateOf(event.connection)
        const { record } = state
        record.connected(event, this.#options.choiceFor?.(event.connection))
        state.choice?.update(record.facts)
        state.scope?.conversation.connecting()
        return this.#decodeBody(state, number, event.time, record.connectBody)
      }
      case 'open': {
        const state = this.#stateOf(event.connection)
        state.record.opened(event)
        return this.#opened(state, number)
      }
      case 'request': {
        const state = this.#stateOf(event.connection)
        state.record.url = event.url
        return this.#decodeBody(state, number, event.time, state.record.requestBody(number, event))
      }
      case 'message': {
        const { time, direction, opcode, event: eventName = '', payload, dropped } = event
        if (dropped !== undefined) {
          this.lose(event.connection)
          return NO_EVENTS
        }
        const binary = opcode === 'binary'
        const size = payload.length
        const message = { number, time, direction, binary, eventName, payload, size }
        return this.decodeMessage(event.connection, encodable(message))
      }
      default:
        return NO_EVENTS
    }
  }

  /** As `decode`, for a message. */
  decodeMessage(connection: number, message: CurrentMessage): readonly DecodedEvent[] | undefined {
    const state = this.#stateOf(connection)
    if (state.record.repeats(message)) return NO_EVENTS
    return this.#decode(state, state.record.encode(message))
  }

  /** Messages of the connection are missing; without an argument, of all connections. */
  lose(connection?: number): void {
    if (connection !== undefined) this.#stateOf(connection).scope?.conversation.restart()
    else for (const { conversation } of this.#scopes.values()) conversation.restart()
  }

  /** Stops decoding the session of a message; without a message, the whole scope. */
  giveUp(scope: Scope, number: number, thrown: unknown, message?: EncodedMessage, isRefuted = false): void {
    const { decoder, stops, conversation } = scope
    const reason = `Event ${number + 1} could not be decoded as ${decoder.name} (${sentenceOf(thrown)})`
    const hasSessions = decoder.scope !== undefined || decoder.sessionOf !== undefined
    const session = hasSessions && !(thrown instanceof Overload) ? message : undefined
    stops.add({ number, reason, isRefuted }, session)
    if (session === undefined) conversation.restart()
    else this.#forget(scope, number, session)
  }

  clear(): void {
    this.#states.clear()
    this.#latest = undefined
    this.#scopes.clear()
  }

  #forget(scope: Scope, number: number, message: EncodedMessage): void {
    try {
      scope.conversation.forget(message)
    } catch (thrown) {
      this.giveUp(scope, number, thrown)
    }
  }

  #stateOf(connection: number): State {
    if (this.#latest?.record.facts.connection === connection) return this.#latest
    let state = this.#states.get(connection)
    if (state === undefined) {
      const record = new ConnectionRecord(connection, this.#options.choiceFor?.(connection))
      state = {
        record,
        choice: undefined,
        scope: undefined,
        facts: undefined,
        from: -1,
        messages: 0,
        packets: 0,
        stop: undefined,
        problem: undefined,
      }
      this.#states.set(connection, state)
    }
    this.#latest = state
    return state
  }

  #choiceOf(state: State): DecoderChoice {
    state.choice ??= new DecoderChoice(this.#decoders, state.record.facts)
    return state.choice
  }

  #opened(state: State, number: number): readonly DecodedEvent[] | undefined {
    const { record } = state
    const choice = this.#choiceOf(state)
    choice.update(record.facts)
    const { decoder } = choice.chosen ?? {}
    if (decoder === undefined) return NO_EVENTS
    // Without a scope, the decoder is opened with the first message.
    if (decoder.scope === undefined && state.scope === undefined) return NO_EVENTS
    if (!this.#isReady(decoder)) return undefined
    const scope = this.#join(state, decoder, number)
    if (scope.stops.at(number) !== undefined) return NO_EVENTS
    try {
      scope.conversation.opened(record.facts)
    } catch (thrown) {
      this.#contradicted(state, scope, number, thrown)
    }
    return NO_EVENTS
  }

  #decodeBody(
    state: State,
    number: number,
    time: number,
    body: Uint8Array | undefined,
  ): readonly DecodedEvent[] | undefined {
    if (body === undefined) return NO_EVENTS
    return this.#decode(state, state.record.encodeBody(number, time, body))
  }

  #decode(state: State, message: EncodedMessage): readonly DecodedEvent[] | undefined {
    const choice = this.#choiceOf(state)
    choice.see(message)
    for (;;) {
      const { decoder } = choice.chosen ?? {}
      if (decoder === undefined) return NO_EVENTS
      if (!this.#isReady(decoder)) return undefined
      const scope = this.#join(state, decoder, message.number)
      const stop = scope.stops.at(message.number, message)
      if (stop !== undefined) {
        if (this.#replace(state, stop, message.number)) continue
        state.stop ??= stop
        return NO_EVENTS
      }
      try {
        state.messages++
        if (this.#options.onlyState === true) {
          state.packets += scope.conversation.follow(message)
          return NO_EVENTS
        }
        const events = scope.conversation.decode(message)
        state.packets += events.length
        this.#isPart = events.length === 0 && scope.conversation.isPart(message)
        return events
      } catch (thrown) {
        this.#contradicted(state, scope, message.number, thrown, message)
      }
    }
  }

  #isReady(decoder: Decoder): boolean {
    const isLoaded = this.isLoaded(decoder)
    this.#wanted = isLoaded ? undefined : decoder
    return isLoaded
  }

  /** The current scope of the connection. A scope that it joins gets its first messages. */
  #join(state: State, decoder: Decoder, number: number): ScopeState {
    const { record, scope: before } = state
    const { facts } = record
    if (state.from < 0 || number < state.from) state.from = number
    if (before?.decoder === decoder && facts === state.facts) return before
    state.facts = facts
    const key = `${decoder.name} ${keyOf(decoder, facts)}`
    if (before?.key === key && before.decoder === decoder) return before
    before?.connections.delete(facts.connection)
    const scope = this.#scopes.get(key) ?? this.#open(key, decoder)
    scope.connections.add(facts.connection)
    scope.from = Math.min(scope.from, state.from)
    state.scope = scope
    state.messages = 0
    state.packets = 0
    state.stop = undefined
    const failure = this.#loaded.get(decoder)
    if (failure !== undefined) this.#contradicted(state, scope, number, failure)
    else this.#followFirst(state, scope, number)
    this.#options.onJoin?.(scope, state.from)
    return scope
  }

  /** Gives a scope what a connection that joins it has said before. */
  #followFirst(state: State, scope: ScopeState, number: number): void {
    const { facts } = state.record
    for (const first of this.#choiceOf(state).first) {
      if (first.number >= number) return
      const message = { ...first, facts }
      try {
        scope.conversation.follow(message)
      } catch (thrown) {
        this.#contradicted(state, scope, number, thrown, message)
        return
      }
    }
  }

  #open(key: string, decoder: Decoder): ScopeState {
    const conversation = new Conversation(decoder, new Pairing(this.#options.listener))
    const scope: ScopeState = {
      key,
      decoder,
      connections: new Set(),
      conversation,
      stops: new Stops(decoder),
      from: Number.POSITIVE_INFINITY,
    }
    this.#scopes.set(key, scope)
    return scope
  }

  #contradicted(
    { messages }: State,
    scope: ScopeState,
    number: number,
    thrown: unknown,
    message?: EncodedMessage,
  ): void {
    this.giveUp(scope, number, thrown, message, messages <= FIRST_MESSAGES)
  }

  /** Whether another decoder takes over from one that has stopped. */
  #replace(state: State, { isRefuted, reason }: Stop, number: number): boolean {
    const choice = this.#choiceOf(state)
    if (!isRefuted || !choice.reject(state.record.facts, state.packets === 0)) return false
    const { name } = choice.chosen?.decoder ?? {}
    state.problem = `${reason}; from event ${number + 1} on, the connection is decoded as ${name}.`
    return true
  }
}

function keyOf({ scope }: Decoder, facts: ConnectionFacts): string {
  try {
    return scope === undefined ? `connection ${facts.connection}` : `scope ${scope(facts)}`
  } catch {
    // If a decoder fails on these facts, it cannot say which connections belong together.
    return `connection ${facts.connection}`
  }
}
