/** Ids of STOMP 1.0 to 1.2, which are values of headers. */
import type { Direction } from '../../shared/event.ts'
import { asBuffer } from '../values.ts'
import type { PacketParts, ProtocolIds, ReplaceId, WholePacket } from './ids.ts'
import type { Edit } from './json-edits.ts'
import { editRange } from './line-edits.ts'
import { editedBytes, packetText } from './packet-text.ts'
import { StreamSplitter, writeEach } from './splitters.ts'
import { MAX_HEAD, newSizeOfFrame } from './stomp-frame-size.ts'

/** Kinds of ids by the name of the header, for all commands. */
const KINDS: Readonly<Record<string, string>> = {
  receipt: 'request',
  'receipt-id': 'request',
  subscription: 'subscription',
  'message-id': 'message',
  transaction: 'transaction',
  session: 'session',
}
/** What `id` is, by command: in version 1.2, an ACK frame has the `ack` header of the message. */
const KINDS_OF_ID: Readonly<Record<string, string>> = {
  SUBSCRIBE: 'subscription',
  UNSUBSCRIBE: 'subscription',
  ACK: 'ack',
  NACK: 'ack',
}
const HEADER = /(?<=\n)([^:\r\n]+):([^\r\n]*)/g
/** Destinations of answers that RabbitMQ names. */
const REPLY_QUEUE = '/reply-queue/'

export const stompIds: ProtocolIds = {
  name: 'stomp',
  splitter: () => new StreamSplitter(stompIds, newSizeOfFrame),
  replace: (packet, replace) => replaced(packet, replace),
  parts: ({ bytes }) => partsOf(bytes),
  write: writeEach,
}

/** The command and the headers, with the empty line after them; undefined if they are not UTF-8, or for a heart-beat. */
function headOf(bytes: Uint8Array): string | undefined {
  const buffer = asBuffer(bytes)
  const blank = /\n\r?\n/.exec(buffer.toString('latin1', 0, MAX_HEAD))
  return blank === null ? undefined : packetText(buffer.subarray(0, blank.index + blank[0].length))
}

function replaced({ bytes }: WholePacket, replace: ReplaceId): Uint8Array {
  const head = headOf(bytes)
  if (head === undefined) return bytes
  const edited = editedBytes(bytes, head, editsIn(head, replace))
  return edited === bytes ? bytes : Buffer.concat([edited, bytes.subarray(Buffer.byteLength(head))])
}

function partsOf(bytes: Uint8Array): PacketParts | undefined {
  const text = headOf(bytes)
  if (text === undefined) return undefined
  const head = new Map([['command', /[A-Z]+/.exec(text)?.[0] ?? '']])
  for (const [, name = '', value = ''] of text.matchAll(HEADER))
    if (name !== 'content-length' && !head.has(name)) head.set(name, value)
  return { head: Object.fromEntries(head), data: bytes.subarray(Buffer.byteLength(text), bytes.length - 1) }
}

function editsIn(head: string, replace: ReplaceId): readonly Edit[] {
  const command = /[A-Z]+/.exec(head)?.[0] ?? ''
  const edits: Edit[] = []
  for (const { 0: whole, 1: name = '', index } of head.matchAll(HEADER)) {
    const start = index + name.length + 1
    const kind = kindOf(command, name, head.slice(start, start + REPLY_QUEUE.length))
    if (kind === undefined) continue
    const side: Direction = kind === 'request' ? 'out' : 'in'
    const edit = editRange(head, start, index + whole.length, (id) => escaped(replace(kind, id, side)))
    if (edit !== undefined) edits.push(edit)
  }
  return edits
}

function kindOf(command: string, name: string, value: string): string | undefined {
  if (name === 'id') return KINDS_OF_ID[command]
  // In a SUBSCRIBE frame, it is the way to acknowledge.
  if (name === 'ack') return command === 'MESSAGE' ? 'ack' : undefined
  if (name === 'destination' || name === 'reply-to') return value === REPLY_QUEUE ? 'reply' : undefined
  return Object.hasOwn(KINDS, name) ? KINDS[name] : undefined
}

/** Ids stay escaped as they are written. Only what would end a line is escaped in a new one. */
function escaped(id: string | number | undefined): string | undefined {
  return id === undefined ? undefined : String(id).replace(/[\r\n]/g, (end) => (end === '\r' ? '\\r' : '\\n'))
}
