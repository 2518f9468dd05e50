/**
 * The way of a flood's chunks past the HTTP parser, which takes its time for each. It begins between two chunks, once
 * the parser has delivered everything before, and ends before the last one or whatever is not plain: those the
 * parser gets, and thinks they came next.
 */
import type { ChunkedScanner } from '../../parse/chunked.ts'
import { freeBytes } from '../free-bytes.ts'
import { joined } from './joined.ts'

/** Bytes of a body after which it counts as a flood. */
const FLOOD = 256 * 1024
const CRLF = 2
const NOTHING = new Uint8Array(0)
/** No chunk begins like this. */
const BROKEN = Buffer.from('!')

interface Arrival {
  readonly bytes: Uint8Array
  readonly time: number
}

export class Shortcut {
  readonly #scanner: ChunkedScanner
  readonly #deliver: (data: Uint8Array, time: number) => boolean
  readonly #feed: (bytes: Uint8Array, time: number) => void
  #state: 'parser' | 'draining' | 'direct' | 'over' = 'parser'
  /** While draining: the body length up to which the parser delivers, and what has arrived beyond. */
  #until = 0
  #waiting: Arrival[] = []
  #delivered = 0
  /** The beginning of a size line. */
  #cut: Uint8Array<ArrayBuffer> = NOTHING

  constructor(
    scanner: ChunkedScanner,
    deliver: (data: Uint8Array, time: number) => boolean,
    feed: (bytes: Uint8Array, time: number) => void,
  ) {
    this.#scanner = scanner
    this.#deliver = deliver
    this.#feed = feed
  }

  /** Takes what arrived; returns what of it the parser is to have. */
  push(bytes: Uint8Array, time: number): Uint8Array {
    switch (this.#state) {
      case 'parser':
        return this.#begin(bytes, time)
      case 'draining':
        this.#waiting.push({ bytes, time })
        return NOTHING
      case 'direct':
        return this.#unwrap(bytes, time)
      case 'over':
        return bytes
    }
  }

  /** The parser has delivered the body up to a length. */
  delivered(bodyLength: number): void {
    this.#delivered = bodyLength
    if (this.#state !== 'draining' || bodyLength < this.#until) return
    this.#state = 'direct'
    const waiting = this.#waiting
    this.#waiting = []
    for (const { bytes, time } of waiting) {
      const rest = this.push(bytes, time)
      if (rest.length > 0) this.#feed(rest, time)
    }
  }

  #begin(bytes: Uint8Array, time: number): Uint8Array {
    const left = this.#scanner.bodyLength < FLOOD ? undefined : this.#scanner.leftOfChunk
    if (left === undefined || left >= bytes.length) return bytes
    this.#state = 'draining'
    this.#until = this.#scanner.bodyLength + Math.max(0, left - CRLF)
    this.#waiting.push({ bytes: bytes.subarray(left), time })
    if (left > 0) return bytes.subarray(0, left)
    // Where all was delivered already, the memory of the bytes is given back by this.
    this.delivered(this.#delivered)
    return NOTHING
  }

  #unwrap(arrived: Uint8Array, time: number): Uint8Array {
    // Of a Buffer a slice would be no copy.
    const { buffer, byteOffset, byteLength } = arrived
    const own = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)
    const bytes = this.#cut.length === 0 ? own : joined(this.#cut, own)
    const { length, rest, stop } = this.#scanner.unwrap(bytes)
    this.#cut = NOTHING
    const isDone = length === 0 || this.#deliver(bytes.subarray(0, length), time)
    if (stop === 'cut') this.#cut = bytes.slice(rest)
    if (stop === undefined || stop === 'cut') {
      if (isDone) freeBytes(own)
      return NOTHING
    }
    this.#state = 'over'
    return stop === 'broken' ? BROKEN : bytes.subarray(rest)
  }
}
