/** Names, channels and IDs of earlier requests and subscriptions of a connection. */
import { forgetOldest } from '../../shared/maps.ts'
import type { ConnectionFacts, PairingKey } from '../decoder.ts'

/** Maximum number of entries. If there are more, the oldest are forgotten. */
const MAX_ENTRIES = 1000
/** Maximum length of a key. Longer ones are not remembered. */
const MAX_KEY = 1000

export interface Remembered {
  readonly name: string | undefined
  readonly channel: string | undefined
  readonly id: PairingKey | undefined
  /** The key with which it asked. */
  readonly key: PairingKey | undefined
}

export class Memory {
  readonly #entries: Map<string, Remembered>
  /** The connection that speaks, if several share what is remembered. */
  #speaker = ''
  #isSocket = false

  constructor(entries: ReadonlyMap<string, Remembered> = new Map()) {
    this.#entries = new Map(entries)
  }

  /** Approximate size in bytes. */
  get stateSize(): number {
    return this.#entries.size * 128
  }

  copy(): Memory {
    return new Memory(this.#entries)
  }

  /** Call it if several connections share the memory: the messages of this one follow. */
  hear({ connection, transport }: ConnectionFacts): void {
    this.#speaker = `${connection} `
    this.#isSocket = transport === 'websocket'
  }

  /** What this connection said, or else another one that is not a WebSocket. Clients may use the same keys. */
  get(heading: string, key: string): Remembered | undefined {
    if (this.#entries.size === 0) return undefined
    const entry = `${heading} ${key}`
    return this.#entries.get(this.#speaker + entry) ?? this.#entries.get(entry)
  }

  set(heading: string, key: string, remembered: Remembered): void {
    if (key.length > MAX_KEY) return
    const entry = `${heading} ${key}`
    this.#set(this.#speaker + entry, remembered)
    if (this.#speaker !== '' && !this.#isSocket) this.#set(entry, remembered)
  }

  #set(entry: string, remembered: Remembered): void {
    this.#entries.delete(entry)
    this.#entries.set(entry, remembered)
    forgetOldest(this.#entries, MAX_ENTRIES)
  }
}
