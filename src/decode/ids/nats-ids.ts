/** Ids of NATS: subscriptions, and the inboxes that answers go to. */

import { tryParseJson } from '../../shared/text/json-text.ts'
import { compilePath } from '../dialects/path.ts'
import type { PacketBytes } from '../packet-bytes.ts'
import { OPERATIONS } from '../protocols/nats/operations.ts'
import { asBuffer } from '../values.ts'
import type { PacketParts, ProtocolIds, ReplaceId, WholePacket } from './ids.ts'
import { type Edit, editAt } from './json-edits.ts'
import { editRange, isEdit, wordsOf } from './line-edits.ts'
import { editedBytes, packetText } from './packet-text.ts'
import { StreamSplitter, writeEach } from './splitters.ts'

const LINE_FEED = 0x0a
const MAX_LINE = 1024 * 1024
const MAX_PAYLOAD = 64 * 1024 * 1024
/** The carriage return and line feed after a payload. */
const LINE_END = 2
const INBOX = '_INBOX.'
/** The subjects that acknowledge a message to JetStream: they have its place and time. */
const ACK = '$JS.ACK.'

/** Which words of an operation are subjects, and which one is the id of the subscription; -1 is the last one. */
const PLACES: Readonly<Record<string, { readonly subjects: readonly number[]; readonly sid?: number }>> = {
  SUB: { subjects: [1], sid: -1 },
  UNSUB: { subjects: [], sid: 1 },
  MSG: { subjects: [1, 3], sid: 2 },
  HMSG: { subjects: [1, 3], sid: 2 },
  PUB: { subjects: [1, 2] },
  HPUB: { subjects: [1, 2] },
}
/** Ids in the information that a server gives of itself. */
const INFO: Readonly<Record<string, string>> = {
  '$.server_id': 'server',
  '$.server_name': 'server',
  '$.client_id': 'client',
  '$.nonce': 'nonce',
}
const INFO_PLACES = Object.entries(INFO).map(([path, kind]) => ({ kind, steps: compilePath(path).steps }))

export const natsIds: ProtocolIds = {
  name: 'nats',
  splitter: () => new StreamSplitter(natsIds, () => sizeOfOperation),
  replace: (packet, replace) => replaced(packet, replace),
  parts: ({ bytes }) => partsOf(bytes),
  write: writeEach,
}

function sizeOfOperation(bytes: PacketBytes): number | undefined {
  const end = bytes.indexOf(LINE_FEED)
  if ((end ?? bytes.length) > MAX_LINE) throw new Error('A line of NATS has more than 1 MiB.')
  if (end === undefined) return undefined
  const line = Array.from({ length: end }, (_, at) => String.fromCharCode(bytes.at(at) ?? 0)).join('')
  const words = wordsOf(line).map(({ word }) => word)
  const sizes = OPERATIONS.get(words[0]?.toUpperCase() ?? '')
  if (sizes === undefined) throw new Error('The message is not an operation of NATS.')
  if (sizes === 0) return end + 1
  const last = words.at(-1) ?? ''
  const size = /^\d{1,10}$/.test(last) ? Number(last) : Number.NaN
  if (!(size <= MAX_PAYLOAD)) throw new Error('A message of NATS does not say its size, or is too large.')
  return end + 1 + size + LINE_END
}

function partsOf(bytes: Uint8Array): PacketParts | undefined {
  const end = asBuffer(bytes).indexOf(LINE_FEED) + 1
  const line = packetText(bytes.subarray(0, end)) ?? ''
  const words = wordsOf(line).map(({ word }) => word)
  const sizes = OPERATIONS.get(words[0]?.toUpperCase() ?? '') ?? 0
  if (sizes === 0) return undefined
  const dataAt = end + (sizes === 2 ? Number(words.at(-2)) : 0)
  const head = {
    operation: words.slice(0, -sizes).join(' '),
    ...(sizes === 2 && { headers: asBuffer(bytes).toString('latin1', end, dataAt) }),
  }
  return { head, data: bytes.subarray(dataAt, Math.max(dataAt, bytes.length - LINE_END)) }
}

function replaced({ bytes }: WholePacket, replace: ReplaceId): Uint8Array {
  const buffer = asBuffer(bytes)
  const end = buffer.indexOf(LINE_FEED) + 1
  const line = end === 0 ? undefined : packetText(buffer.subarray(0, end))
  if (line === undefined) return bytes
  const edited = editedBytes(bytes, line, editsIn(line, replace))
  return edited === bytes ? bytes : Buffer.concat([edited, buffer.subarray(end)])
}

function editsIn(line: string, replace: ReplaceId): readonly Edit[] {
  const words = wordsOf(line)
  const operation = words[0]?.word.toUpperCase() ?? ''
  if (operation === 'INFO') return infoEdits(line, words[1]?.at ?? line.length, replace)
  const { subjects = [], sid } = (Object.hasOwn(PLACES, operation) && PLACES[operation]) || {}
  // The word before the sizes is a subject only if there is one more word than needed.
  const sizes = OPERATIONS.get(operation) ?? 0
  const last = words.length - sizes
  const edits = subjects
    .filter((index) => index < last)
    .flatMap((index) => subjectEdits(line, words[index]?.at ?? 0, words[index]?.word ?? '', replace))
  const place = sid === undefined ? undefined : words.at(sid)
  const edit =
    place === undefined
      ? undefined
      : editRange(line, place.at, place.at + place.word.length, (id) => replace('subscription', id, 'in'))
  return edit === undefined ? edits : [...edits, edit]
}

/** An inbox has a part for the client, and often one for the request. */
function subjectEdits(line: string, at: number, subject: string, replace: ReplaceId): readonly Edit[] {
  const change = (kind: string) => (id: string) => (/^[*>]$/.test(id) ? undefined : replace(kind, id, 'in'))
  if (subject.startsWith(ACK)) return [editRange(line, at, at + subject.length, change('ack'))].filter(isEdit)
  if (!subject.startsWith(INBOX)) return []
  const start = at + INBOX.length
  const dot = line.indexOf('.', start)
  const end = at + subject.length
  if (dot < 0 || dot >= end) return [editRange(line, start, end, change('inbox'))].filter(isEdit)
  return [
    editRange(line, start, dot, change('inbox')),
    editRange(line, dot + 1, end, change('reply')),
  ].filter(isEdit)
}

function infoEdits(line: string, start: number, replace: ReplaceId): readonly Edit[] {
  if (tryParseJson(line.slice(start)) === undefined) return []
  return INFO_PLACES.map(({ kind, steps }) =>
    editAt(line, start, steps, (id) => replace(kind, id, 'in')),
  ).filter(isEdit)
}
