/** Whether packets are of the same kind, although their values differ. */
import { type WholePacket, withoutIds } from '../../decode/ids/ids.ts'
import { decodeUtf8 } from '../../shared/text/decode.ts'
import { tryParseJson } from '../../shared/text/json-text.ts'
import { beforeJson } from './content-key.ts'

/** Members of JSON that say what a message is. */
const NAMES = ['type', 'method', 'event', 'op', 'command', 'action', 'channel'] as const
/** The beginning of a binary packet says what it is: at most this many bytes, and at most half of the packet. */
const HEAD = 16

export function isAlike(a: WholePacket, b: WholePacket): boolean {
  if (a.binary !== b.binary) return false
  return a.binary ? haveSameHead(a, b) : nameOf(a) === nameOf(b)
}

/** Whether both begin a conversation in the same form: what they say, such as credentials and options, may differ. */
export function beginAlike(a: WholePacket, b: WholePacket): boolean {
  if (a.binary !== b.binary) return false
  if (a.binary) return a.bytes[0] === b.bytes[0]
  const [one, other] = [a, b].map(({ bytes }) => decodeUtf8(bytes) ?? '')
  const [first, second] = [tryParseJson(one ?? ''), tryParseJson(other ?? '')]
  if (Array.isArray(first) && Array.isArray(second)) return first[0] === second[0]
  if (typeof first === 'object' && first !== null) return typeof second === 'object' && second !== null
  return firstWord(one) === firstWord(other)
}

function firstWord(text = ''): string {
  return /^[^\s{[:,]*/.exec(text)?.[0] ?? ''
}

function haveSameHead(a: WholePacket, b: WholePacket): boolean {
  const [one, other] = [withoutIds(a).bytes, withoutIds(b).bytes]
  const head = Math.max(1, Math.min(HEAD, one.length >> 1, other.length >> 1))
  return Buffer.compare(one.subarray(0, head), other.subarray(0, head)) === 0
}

/** What comes before the JSON of a packet, with its name; the first line of a packet that is not JSON. */
function nameOf(packet: WholePacket): string {
  const text = decodeUtf8(withoutIds(packet).bytes) ?? ''
  const prefix = beforeJson(packet)
  const value = tryParseJson(text.slice(prefix.length))
  if (value === undefined) return text.split('\n', 1)[0] ?? ''
  if (Array.isArray(value)) return `${prefix} ${value.filter((each) => typeof each === 'string').slice(0, 1)}`
  if (typeof value !== 'object' || value === null) return prefix
  const fields = value as Readonly<Record<string, unknown>>
  return `${prefix} ${NAMES.map((name) => (typeof fields[name] === 'string' ? fields[name] : '')).join()}`
}
