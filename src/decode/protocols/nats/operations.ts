/** The operations of the NATS client protocol (https://docs.nats.io/reference/reference-protocols/nats-protocol). */
import type { Packet } from '../../decoder.ts'
import { PacketBytes } from '../../packet-bytes.ts'
import type { PacketMap } from '../../packet-map.ts'
import { textOf } from '../../values.ts'
import { mapLine } from './fields.ts'

/** An operation whose payload is not read yet. */
interface Begun {
  /** In upper case. */
  readonly op: string
  /** What follows the operation in its line. */
  readonly args: string
  /** Bytes of the headers; undefined if the operation does not have any. */
  readonly headerSize: number | undefined
  /** Bytes of the headers and the payload together; undefined if the operation has neither. */
  readonly size: number | undefined
}

export interface Operation extends Begun {
  /** The headers with their first line. */
  readonly headers: string | undefined
  /** A view that is valid until the next message. Empty if the operation does not have a payload. */
  readonly payload: Uint8Array
}

/** Operations and whether their last argument, and the one before, are sizes: of headers and payload together, of headers. */
export const OPERATIONS: ReadonlyMap<string, 0 | 1 | 2> = new Map([
  ['INFO', 0],
  ['CONNECT', 0],
  ['PUB', 1],
  ['HPUB', 2],
  ['SUB', 0],
  ['UNSUB', 0],
  ['MSG', 1],
  ['HMSG', 2],
  ['PING', 0],
  ['PONG', 0],
  ['+OK', 0],
  ['-ERR', 0],
])

const LINE_FEED = 0x0a
const MAX_LINE = 1024 * 1024
const MAX_PAYLOAD = 64 * 1024 * 1024
/** The carriage return and line feed after a payload. */
const LINE_END = 2

const NO_PAYLOAD = new Uint8Array(0)

/** The operations of one direction. */
export class Operations {
  readonly #bytes: PacketBytes
  #begun: Begun | undefined

  constructor(bytes = new PacketBytes(), begun?: Begun) {
    this.#bytes = bytes
    this.#begun = begun
  }

  get stateSize(): number {
    return this.#bytes.length
  }

  /** Whether the latest message ends inside a packet. */
  get isInsidePacket(): boolean {
    return this.#bytes.hasBegun
  }

  copy(): Operations {
    return new Operations(this.#bytes.copy(), this.#begun)
  }

  /** The packets that `packetOf` makes of the operations that end in a message. */
  read(payload: Uint8Array, packetOf: (operation: Operation) => Packet, map?: PacketMap): Packet[] {
    const next = () => {
      const begun = this.#begun ?? this.#line(map)
      const operation = begun === undefined ? undefined : this.#content(begun, map)
      this.#begun = operation === undefined ? begun : undefined
      return operation === undefined ? undefined : packetOf(operation)
    }
    return this.#bytes.read(payload, next, map, () => this.#begun?.op)
  }

  #line(map: PacketMap | undefined): Begun | undefined {
    const end = this.#bytes.indexOf(LINE_FEED)
    if ((end ?? this.#bytes.length) > MAX_LINE) throw new Error('A line of NATS has more than 1 MiB.')
    if (end === undefined) return undefined
    const { position } = this.#bytes
    const bytes = this.#bytes.take(end + 1)
    const line = textOf(bytes).trim()
    const space = line.search(/\s/)
    const op = (space < 0 ? line : line.slice(0, space)).toUpperCase()
    const args = space < 0 ? '' : line.slice(space).trim()
    const sizes = OPERATIONS.get(op)
    if (sizes === undefined) throw new Error('The message is not an operation of NATS.')
    if (map !== undefined) mapLine(map, bytes, position)
    if (sizes === 0) return { op, args, headerSize: undefined, size: undefined }
    const words = args.split(/\s+/)
    const size = sizeOf(words.at(-1))
    const headerSize = sizes === 2 ? sizeOf(words.at(-2)) : undefined
    if (headerSize !== undefined && headerSize > size)
      throw new Error('The headers of a message of NATS are larger than the message.')
    return { op, args, headerSize, size }
  }

  #content(begun: Begun, map: PacketMap | undefined): Operation | undefined {
    const { headerSize, size } = begun
    if (size === undefined) return { ...begun, headers: undefined, payload: NO_PAYLOAD }
    if (this.#bytes.length < size + LINE_END) return undefined
    const { position } = this.#bytes
    const payloadAt = position + (headerSize ?? 0)
    map?.field('headers', position, payloadAt, { path: '$.headers' })
    map?.field('payload', payloadAt, position + size, { path: '$.payload' })
    const content = this.#bytes.take(size)
    if (textOf(this.#bytes.take(LINE_END)) !== '\r\n')
      throw new Error('A payload of NATS is not followed by CRLF.')
    const headers = headerSize === undefined ? undefined : textOf(content.subarray(0, headerSize))
    return { ...begun, headers, payload: content.subarray(headerSize ?? 0) }
  }
}

function sizeOf(word = ''): number {
  const size = /^\d{1,10}$/.test(word) ? Number(word) : -1
  if (size < 0) throw new Error('A message of NATS does not say its size.')
  if (size > MAX_PAYLOAD) throw new Error('A message of NATS has more than 64 MiB.')
  return size
}
