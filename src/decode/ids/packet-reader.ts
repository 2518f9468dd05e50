/** Reads the packets of a session, event by event. */
import type { RealtimeEvent } from '../../shared/event.ts'
import { getOrMake } from '../../shared/maps.ts'
import { ConnectionRecord } from '../connection-record.ts'
import type { CarriedMessage, PacketSplitter, ProtocolIds, WholePacket } from './ids.ts'
import type { IdTable } from './table.ts'

/** The name of the decoder of a connection, such as `SessionDecoder` chose it. */
type DecoderNameOf = (connection: number) => string | undefined

interface State {
  readonly record: ConnectionRecord
  splitter: PacketSplitter | undefined
}

const NONE: readonly WholePacket[] = []

export class PacketReader {
  readonly #table: IdTable
  readonly #decoderOf: DecoderNameOf
  readonly #states = new Map<number, State>()

  /** The decoders have to be settled: read the session with a `SessionDecoder` first. */
  constructor(table: IdTable, decoderOf: DecoderNameOf) {
    this.#table = table
    this.#decoderOf = decoderOf
  }

  /** The protocol of a connection; undefined if its ids are not known. */
  protocolOf(connection: number): ProtocolIds | undefined {
    const name = this.#decoderOf(connection)
    return name === undefined ? undefined : this.#table.get(name)
  }

  /** The packets that end in event `number`, also in the body of a request. At a close, those that are incomplete. */
  read(number: number, event: RealtimeEvent): readonly WholePacket[] {
    switch (event.type) {
      case 'connect': {
        const state = this.#stateOf(event.connection)
        state.splitter = undefined
        state.record.connected(event)
        return this.#bodyPackets(event.connection, state.record.connectBody)
      }
      case 'open': {
        const state = this.#stateOf(event.connection)
        state.splitter = undefined
        state.record.opened(event)
        return NONE
      }
      case 'request': {
        const { record } = this.#stateOf(event.connection)
        return this.#bodyPackets(event.connection, record.requestBody(number, event))
      }
      case 'message': {
        const { connection, direction, payload, opcode, event: eventName = '', dropped, time } = event
        const { record } = this.#stateOf(connection)
        if (dropped !== undefined) {
          this.#stateOf(connection).splitter = undefined
          return NONE
        }
        const binary = opcode === 'binary'
        const message = { number, time, direction, binary, eventName, payload, size: payload.length }
        return record.repeats(message) ? NONE : this.#split(connection, message)
      }
      case 'close':
        return this.finish(event.connection)
      default:
        return NONE
    }
  }

  /** What is left of a connection at the end of the session: incomplete packets. */
  finish(connection: number): readonly WholePacket[] {
    const state = this.#stateOf(connection)
    const { splitter } = state
    state.splitter = undefined
    return splitter?.finish() ?? NONE
  }

  #bodyPackets(connection: number, payload: Uint8Array | undefined): readonly WholePacket[] {
    return payload === undefined ? NONE : this.#split(connection, { direction: 'out', payload })
  }

  #split(connection: number, message: CarriedMessage): readonly WholePacket[] {
    const state = this.#stateOf(connection)
    state.splitter ??= this.protocolOf(connection)?.splitter(state.record.facts)
    return state.splitter?.push(message) ?? NONE
  }

  #stateOf(connection: number): State {
    return getOrMake(this.#states, connection, () => ({
      record: new ConnectionRecord(connection),
      splitter: undefined,
    }))
  }
}
