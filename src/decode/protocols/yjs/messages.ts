/** The messages of Yjs (https://github.com/yjs/y-protocols), which y-websocket and Hocuspocus share. */
import type { Decoder as Bytes } from 'lib0/decoding'
import type { Packet } from '../../decoder.ts'
import { base64 } from '../../values.ts'

type Lib = typeof import('lib0/decoding')

let lib: Lib | undefined

export async function loadDecoding(): Promise<void> {
  lib ??= await import('lib0/decoding')
}

/** A packet with a value that has fields. */
export type ObjectPacket = Packet & { readonly value?: object }

/** Message types that y-websocket and Hocuspocus number the same. */
export const SYNC = 0
export const AWARENESS = 1
export const AUTH = 2
export const QUERY_AWARENESS = 3

const SYNC_STEPS = ['sync.step1', 'sync.step2', 'sync.update'] as const

/** Reads the values of one message. Throws an error with a sentence if the bytes are not a message. */
export class MessageReader {
  readonly #bytes: Bytes
  readonly #lib: Lib
  readonly #protocol: string

  constructor(payload: Uint8Array, protocol: string) {
    if (lib === undefined) throw new Error('The library of Yjs is not loaded.')
    this.#lib = lib
    this.#bytes = lib.createDecoder(payload)
    this.#protocol = protocol
  }

  get hasMore(): boolean {
    return this.#lib.hasContent(this.#bytes)
  }

  number(): number {
    return this.#read(() => this.#lib.readVarUint(this.#bytes))
  }

  text(): string {
    return this.#read(() => this.#lib.readVarString(this.#bytes))
  }

  bytes(): Uint8Array {
    return this.#read(() => this.#lib.readVarUint8Array(this.#bytes))
  }

  json(): unknown {
    return this.#read(() => JSON.parse(this.#lib.readVarString(this.#bytes)))
  }

  /** Everything has to be read. */
  end(): void {
    if (this.hasMore) throw this.failure()
  }

  failure(): Error {
    return new Error(`The message is not one of ${this.#protocol}.`)
  }

  /** A reader of bytes within this message. */
  within(bytes: Uint8Array): MessageReader {
    return new MessageReader(bytes, this.#protocol)
  }

  #read<T>(read: () => T): T {
    try {
      return read()
    } catch {
      throw this.failure()
    }
  }
}

/** The rest of a `sync` message. Each side asks for what it lacks with step 1; step 2 is the answer. */
export function syncPacket(reader: MessageReader, document: string): ObjectPacket {
  const name = SYNC_STEPS[reader.number()]
  const content = reader.bytes()
  reader.end()
  const key = `sync ${document}`
  switch (name) {
    case 'sync.step1': {
      const value = { bytes: content.length, stateVector: stateVector(reader.within(content)) }
      return { kind: 'request', name, value, asks: key }
    }
    case 'sync.step2':
      return {
        kind: 'response',
        name,
        value: { bytes: content.length, update: base64(content) },
        answersTo: key,
      }
    case 'sync.update':
      return { kind: 'event', name, value: { bytes: content.length, update: base64(content) } }
    default:
      throw reader.failure()
  }
}

/** The rest of an `awareness` message: the states of clients, such as their cursors. */
export function awarenessPacket(reader: MessageReader, document: string): ObjectPacket {
  const states = reader.within(reader.bytes())
  reader.end()
  const value: unknown[] = []
  for (let count = states.number(); count > 0; count--)
    value.push({ clientID: states.number(), clock: states.number(), state: states.json() })
  states.end()
  return { kind: 'event', name: 'awareness', value: { states: value }, answersTo: `awareness ${document}` }
}

export function queryAwarenessPacket(reader: MessageReader, document: string): ObjectPacket {
  reader.end()
  return { kind: 'request', name: 'query awareness', asks: `awareness ${document}` }
}

/** How many changes of each client the sender has. */
function stateVector(reader: MessageReader): unknown {
  const clocks: { clientID: number; clock: number }[] = []
  for (let count = reader.number(); count > 0; count--)
    clocks.push({ clientID: reader.number(), clock: reader.number() })
  reader.end()
  return clocks
}
