/**
 * The frames of STOMP 1.0 to 1.2 (https://stomp.github.io/). The parser of `@stomp/stompjs` cannot be copied and collects
 * single bytes in arrays; tests compare with it.
 */

import { memberStep } from '../../../shared/text/json-spans.ts'
import type { Packet } from '../../decoder.ts'
import { PacketBytes } from '../../packet-bytes.ts'
import type { PacketMap } from '../../packet-map.ts'
import { textOf } from '../../values.ts'

export interface StompFrame {
  readonly command: string
  /** The first value of each header, as it was written. */
  readonly headers: ReadonlyMap<string, string>
  /** A view that is valid until the next message. */
  readonly body: Uint8Array
}

/** A line feed between frames. */
export const HEARTBEAT = 'heartbeat'

export const COMMANDS: ReadonlySet<string> = new Set([
  'CONNECT',
  'STOMP',
  'CONNECTED',
  'SEND',
  'SUBSCRIBE',
  'UNSUBSCRIBE',
  'ACK',
  'NACK',
  'BEGIN',
  'COMMIT',
  'ABORT',
  'DISCONNECT',
  'MESSAGE',
  'RECEIPT',
  'ERROR',
])

const NUL = 0
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const COLON = ':'
/** Bytes of the command and the headers. */
const MAX_HEAD = 256 * 1024
const MAX_BODY = 64 * 1024 * 1024

/** The frames of one direction. */
export class StompFrames {
  readonly #bytes: PacketBytes
  #command: string | undefined
  #headers = new Map<string, string>()
  #headSize = 0
  #isBody = false
  /** Of the latest message. */
  #map: PacketMap | undefined

  constructor(bytes = new PacketBytes()) {
    this.#bytes = bytes
  }

  get stateSize(): number {
    return this.#bytes.length + this.#headSize * 2
  }

  /** Whether the latest message ends inside a packet. */
  get isInsidePacket(): boolean {
    return this.#bytes.hasBegun
  }

  copy(): StompFrames {
    const copy = new StompFrames(this.#bytes.copy())
    copy.#command = this.#command
    copy.#headers = new Map(this.#headers)
    copy.#headSize = this.#headSize
    copy.#isBody = this.#isBody
    return copy
  }

  /** The packets that `packetOf` makes of the frames and heart-beats that end in a message. */
  read(
    payload: Uint8Array,
    packetOf: (frame: StompFrame | typeof HEARTBEAT) => Packet,
    map?: PacketMap,
  ): Packet[] {
    this.#map = map
    const next = () => {
      let found = this.#next()
      while (found === true) found = this.#next()
      return found === undefined ? undefined : packetOf(found)
    }
    return this.#bytes.read(payload, next, map, () => this.#command)
  }

  #next(): StompFrame | typeof HEARTBEAT | true | undefined {
    if (this.#isBody) return this.#body()
    return this.#command === undefined ? this.#begin() : this.#header()
  }

  /** Returns true if it read something that is not a frame yet, and undefined if bytes are missing. */
  #begin(): true | typeof HEARTBEAT | undefined {
    const first = this.#bytes.at(0)
    if (first === LINE_FEED) {
      this.#bytes.take(1)
      return HEARTBEAT
    }
    if (first === NUL || first === CARRIAGE_RETURN) {
      this.#bytes.take(1)
      this.#bytes.skipped()
      return true
    }
    const { position } = this.#bytes
    const command = this.#line()
    if (command === undefined) return undefined
    if (!COMMANDS.has(command)) throw new Error('The message is not a frame of STOMP.')
    this.#command = command
    this.#map?.field('command', position, this.#bytes.position, { path: '$.command' })
    return true
  }

  #header(): true | undefined {
    const { position } = this.#bytes
    const line = this.#line()
    if (line === undefined) return undefined
    if (line === '') {
      this.#isBody = true
      return true
    }
    const colon = line.indexOf(COLON)
    if (colon < 0) throw new Error('A header of a STOMP frame does not have a colon.')
    const name = line.slice(0, colon)
    // Of repeated headers, the first one counts.
    if (!this.#headers.has(name)) this.#headers.set(name, line.slice(colon + 1))
    if (this.#map !== undefined) {
      const path = `$.headers${memberStep(name)}`
      this.#map.field(name, position, this.#bytes.position, { path })
    }
    return true
  }

  #body(): StompFrame | undefined {
    const length = this.#headers.get('content-length')
    const size = length === undefined ? this.#bytes.indexOf(NUL) : Number.parseInt(length, 10)
    if ((size ?? this.#bytes.length) > MAX_BODY)
      throw new Error('The body of a STOMP frame has more than 64 MiB.')
    if (Number.isNaN(size)) throw new Error('The content-length of a STOMP frame is not a number.')
    // The body is followed by NUL.
    if (size === undefined || this.#bytes.length <= size) return undefined
    if (this.#bytes.at(size) !== NUL) throw new Error('The body of a STOMP frame does not end in NUL.')
    const { position } = this.#bytes
    this.#map?.field('body', position, position + size, { path: '$.body' })
    const frame = { command: this.#command ?? '', headers: this.#headers, body: this.#bytes.take(size) }
    this.#bytes.take(1)
    this.#command = undefined
    this.#headers = new Map()
    this.#headSize = 0
    this.#isBody = false
    return frame
  }

  /** The next line of the head, without its end. */
  #line(): string | undefined {
    const end = this.#bytes.indexOf(LINE_FEED)
    if (this.#headSize + (end ?? this.#bytes.length) > MAX_HEAD)
      throw new Error('The headers of a STOMP frame have more than 256 KiB.')
    if (end === undefined) return undefined
    const line = this.#bytes.take(end + 1)
    this.#headSize += line.length
    const length = line[end - 1] === CARRIAGE_RETURN ? end - 1 : end
    return textOf(line.subarray(0, length))
  }
}
