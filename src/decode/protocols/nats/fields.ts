/** The fields of the line that begins an operation of NATS. */
import { latin1 } from '../../../shared/text/decode.ts'
import type { PacketMap } from '../../packet-map.ts'

interface Argument {
  readonly name: string
  /** JSONPath in the value of the packet. */
  readonly path: string
  readonly isOptional?: boolean
}

const SUBJECT: Argument = { name: 'subject', path: '$.subject' }
const SID: Argument = { name: 'sid', path: '$.sid' }
const REPLY_TO: Argument = { name: 'reply to', path: '$.replyTo', isOptional: true }
const QUEUE_GROUP: Argument = { name: 'queue group', path: '$.queueGroup', isOptional: true }
const MAX_MESSAGES: Argument = { name: 'max messages', path: '$.maxMessages', isOptional: true }
const HEADER_SIZE: Argument = { name: 'header size', path: '$.headerSize' }
const SIZE: Argument = { name: 'size', path: '$.size' }

/** In their order. The arguments of the other operations are one text. */
const ARGUMENTS: Readonly<Record<string, readonly Argument[]>> = {
  PUB: [SUBJECT, REPLY_TO, SIZE],
  HPUB: [SUBJECT, REPLY_TO, HEADER_SIZE, SIZE],
  SUB: [SUBJECT, QUEUE_GROUP, SID],
  UNSUB: [SID, MAX_MESSAGES],
  MSG: [SUBJECT, SID, REPLY_TO, SIZE],
  HMSG: [SUBJECT, SID, REPLY_TO, HEADER_SIZE, SIZE],
}
const OPTIONS: Argument = { name: 'options', path: '$.options' }
const MESSAGE: Argument = { name: 'message', path: '$.message' }

/** Notes the fields of a line, which begins at `position` in the message. */
export function mapLine(map: PacketMap, bytes: Uint8Array, position: number): void {
  const line = latin1(bytes)
  const [word, ...words] = line.matchAll(/\S+/g)
  if (word === undefined) return
  const note = ({ name, path }: Argument, from: number, to: number) =>
    map.field(name, position + from, position + to, { path })
  note({ name: 'operation', path: '$.op' }, word.index, word.index + word[0].length)
  const [first] = words
  if (first === undefined) return
  const all = ARGUMENTS[word[0].toUpperCase()]
  if (all === undefined) {
    note(word[0].startsWith('-') ? MESSAGE : OPTIONS, first.index, line.trimEnd().length)
    return
  }
  const present = words.length < all.length ? all.filter(({ isOptional }) => isOptional !== true) : all
  for (const [at, argument] of present.entries()) {
    const { index, 0: text } = words[at] ?? first
    note(argument, index, index + text.length)
  }
}
