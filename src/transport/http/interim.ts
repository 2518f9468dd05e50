/**
 * Takes informational responses (RFC 9110 section 15.2) out of what comes before a final one. undici takes a 100
 * that it did not ask for as a broken response, and any with `Connection: close` as the connection's last.
 */
import { latin1 } from '../../shared/text/latin1.ts'
import { joined } from './joined.ts'

const CR = 0x0d
const LF = 0x0a
const NOTHING = new Uint8Array(0)
/** As much of a status line (RFC 9112 section 4) as tells what kind of response it begins; `d` is a digit. */
const STATUS = 'HTTP/d.d 1dd'
/** After a 101 what comes is no HTTP. */
const SWITCHING = '101'

export class InterimFilter {
  /** `start`: at the start of a response; `skip`: in an informational one; `over`: the final one has begun. */
  #state: 'start' | 'skip' | 'over' = 'start'
  /** The start of a status line, as yet too short to tell. */
  #held: Uint8Array = NOTHING
  #isLineEmpty = false
  /** Bytes taken out: informational responses, and empty lines before any. */
  taken = 0

  /** Takes what arrived; returns what of it belongs to the final response. */
  push(arrived: Uint8Array): Uint8Array {
    if (this.#state === 'over') return arrived
    const bytes = this.#held.length === 0 ? arrived : joined(this.#held, arrived)
    this.#held = NOTHING
    let at = 0
    while (at < bytes.length) {
      if (this.#state === 'skip') at = this.#skip(bytes, at)
      else if (bytes[at] === CR || bytes[at] === LF) at++
      else {
        const match = matchStatus(bytes, at)
        if (match === 'final') this.#state = 'over'
        if (match === 'open') this.#held = bytes.slice(at)
        if (match !== 'interim') break
        this.#state = 'skip'
        this.#isLineEmpty = false
      }
    }
    this.taken += at
    return this.#state === 'over' ? bytes.subarray(at) : NOTHING
  }

  /** Where the head that `at` is in ends, after its empty line, or the bytes. */
  #skip(bytes: Uint8Array, at: number): number {
    for (let index = at; index < bytes.length; index++) {
      const byte = bytes[index]
      if (byte === LF) {
        if (this.#isLineEmpty) {
          this.#state = 'start'
          return index + 1
        }
        this.#isLineEmpty = true
      } else if (byte !== CR) this.#isLineEmpty = false
    }
    return bytes.length
  }
}

/** What kind of response begins at `at`; `open` where there is too little of it to tell. */
function matchStatus(bytes: Uint8Array, at: number): 'interim' | 'final' | 'open' {
  const end = Math.min(bytes.length, at + STATUS.length)
  for (let index = at; index < end; index++) {
    const byte = bytes[index] ?? 0
    const expected = STATUS[index - at] ?? ''
    const isDigit = byte >= 0x30 && byte <= 0x39
    if (expected === 'd' ? !isDigit : byte !== expected.charCodeAt(0)) return 'final'
  }
  if (end - at < STATUS.length) return 'open'
  const status = latin1(bytes.subarray(end - SWITCHING.length, end))
  return status === SWITCHING ? 'final' : 'interim'
}
