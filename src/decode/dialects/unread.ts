/** A part of a message that is parsed only when its value is read. */
import type { JsonType } from '../../shared/dialect.ts'
import { parseText } from './payload.ts'

const OPENING_BRACE = 0x7b

/** An object or an array. Valid while its bytes are. */
export class Unread {
  #bytes: Buffer
  #start: number
  #end: number
  #value: unknown

  constructor(bytes: Buffer, start: number, end: number) {
    this.#bytes = bytes
    this.#start = start
    this.#end = end
  }

  /** Becomes a part of another message. */
  reuse(bytes: Buffer, start: number, end: number): this {
    this.#bytes = bytes
    this.#start = start
    this.#end = end
    this.#value = undefined
    return this
  }

  get type(): JsonType {
    return this.#bytes[this.#start] === OPENING_BRACE ? 'object' : 'array'
  }

  /** Text if it turns out not to be JSON. */
  get value(): unknown {
    if (this.#value === undefined) {
      const text = this.#bytes.toString('utf8', this.#start, this.#end)
      this.#value = parseText(text) ?? text
    }
    return this.#value
  }
}
