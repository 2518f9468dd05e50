/** The messages of a proxy that are held until the user releases them. */
import { Failure } from '../../shared/failure.ts'
import type { HeldMessage } from '../../shared/protocol/traffic.ts'
import { decodeUtf8 } from '../../shared/text/decode.ts'
import type { GatedMessage } from '../message-gate.ts'

/** What a release passes on: other bytes, nothing (null), or the message as it is (undefined). */
export type Released = Uint8Array | null | undefined

interface Held {
  readonly connection: number
  /** Which gate holds it. */
  readonly gate: object
  readonly message: GatedMessage
  released(payload: Released): void
}

/** Messages that the status lists, at most. */
const MAX_LISTED = 100

/** Bytes of the longest text that the status has. */
const MAX_EDITABLE = 4096

export class HeldMessages {
  readonly #held = new Map<number, Held>()
  readonly #changed: () => void
  #nextId = 1

  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** How many there are. */
  get count(): number {
    return this.#held.size
  }

  /** The oldest ones. */
  list(): readonly HeldMessage[] {
    return [...this.#held].slice(0, MAX_LISTED).map(
      ([
        id,
        {
          connection,
          message: { event },
        },
      ]) => {
        const { direction, opcode = 'text', payload } = event
        const text = opcode === 'text' && payload.length <= MAX_EDITABLE ? decodeUtf8(payload) : undefined
        return {
          ...{ id, connection, direction, opcode, size: payload.length },
          ...(text !== undefined && { text }),
        }
      },
    )
  }

  /** Returns the number of the message. */
  add(held: Held): number {
    const id = this.#nextId++
    this.#held.set(id, held)
    this.#changed()
    return id
  }

  /** Throws a `Failure` `NO_MESSAGE`. */
  release(id: number, payload?: Released): void {
    const held = this.#held.get(id)
    if (held === undefined)
      throw new Failure(
        'NO_MESSAGE',
        'This message is no longer held: it was released, or its connection ended.',
      )
    this.#held.delete(id)
    held.released(payload)
    this.#changed()
  }

  /** Releases all that are held now. */
  releaseAll(payload?: Released): void {
    for (const id of [...this.#held.keys()]) if (this.#held.has(id)) this.release(id, payload)
  }

  /** Drops all that a gate holds. */
  drop(gate: object): void {
    for (const [id, held] of [...this.#held]) if (held.gate === gate) this.release(id, null)
  }
}
