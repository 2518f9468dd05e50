/** Where frames of STOMP end. */
import type { PacketBytes } from '../packet-bytes.ts'
import { COMMANDS } from '../protocols/stomp/frames.ts'
import type { SizeOfPacket } from './splitters.ts'

const NUL = 0
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
export const MAX_HEAD = 256 * 1024
const MAX_BODY = 64 * 1024 * 1024
const LONGEST_COMMAND = 'UNSUBSCRIBE'.length

/** The size of a frame, a heart-beat or a NUL between frames. No byte of a head is read twice. */
export function newSizeOfFrame(): SizeOfPacket {
  let head = new HeadScanner()
  return (bytes) => {
    const size = head.sizeIn(bytes)
    if (size !== undefined && size <= bytes.length) head = new HeadScanner()
    return size
  }
}

class HeadScanner {
  /** How many bytes it has read. */
  #at = 0
  #line = ''
  #lines = 0
  #length: number | undefined
  /** Where the body begins. */
  #end: number | undefined

  sizeIn(bytes: PacketBytes): number | undefined {
    while (this.#end === undefined) {
      const byte = bytes.at(this.#at)
      if (byte === undefined) return undefined
      if (++this.#at > MAX_HEAD) throw new Error('The headers of a STOMP frame are too long.')
      const isBefore = this.#lines === 0 && this.#line === ''
      if (isBefore && (byte === LINE_FEED || byte === NUL)) return this.#at
      if (isBefore && byte === CARRIAGE_RETURN) continue
      this.#take(byte)
    }
    const size = this.#length ?? bodySize(bytes, this.#end)
    if ((size ?? bytes.length) > MAX_BODY) throw new Error('The body of a STOMP frame is too large.')
    if (size === undefined) return undefined
    const end = this.#end + size
    if (bytes.length > end && bytes.at(end) !== NUL)
      throw new Error('The body of a STOMP frame does not end in NUL.')
    return end + 1
  }

  #take(byte: number): void {
    if (byte !== LINE_FEED) {
      this.#line += String.fromCharCode(byte)
      if (this.#lines === 0 && this.#line.length > LONGEST_COMMAND + 1)
        throw new Error('The message is not a frame of STOMP.')
      return
    }
    const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line
    this.#line = ''
    if (this.#lines++ === 0 && !COMMANDS.has(line)) throw new Error('The message is not a frame of STOMP.')
    if (line === '') this.#end = this.#at
    // Of repeated headers, the first one counts.
    if (line.startsWith('content-length:')) this.#length ??= lengthIn(line)
  }
}

function lengthIn(header: string): number {
  const digits = /^content-length:(\d{1,10})/.exec(header)?.[1]
  if (digits === undefined) throw new Error('The content-length of a STOMP frame is not a number.')
  return Number(digits)
}

/** Without a content-length, the first NUL ends the body. */
function bodySize(bytes: PacketBytes, start: number): number | undefined {
  const end = bytes.indexOf(NUL)
  if (end === undefined) return undefined
  if (end < start) throw new Error('The headers of a STOMP frame have NUL.')
  return end - start
}
