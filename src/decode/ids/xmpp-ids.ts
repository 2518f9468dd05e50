/** Ids of XMPP (RFC 6120 and RFC 7395): those of stanzas and streams, and what authentication makes up. */
import { unescapedXml } from '../protocols/xmpp/xml.ts'
import { opposite, type ProtocolIds, type ReplaceId, type WholePacket } from './ids.ts'
import type { Edit } from './json-edits.ts'
import { editRange, isEdit } from './line-edits.ts'
import { editedBytes, packetText } from './packet-text.ts'
import { MessageSplitter, writeEach } from './splitters.ts'

/** Attributes with ids, by the name of the element: kinds by attribute. */
const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  iq: { id: 'request' },
  message: { id: 'message' },
  presence: { id: 'message' },
  open: { id: 'session' },
  'stream:stream': { id: 'session' },
  enabled: { id: 'resumption' },
  resume: { previd: 'resumption' },
  resumed: { previd: 'resumption' },
}
/** Elements of SASL, whose content has nonces. */
const AUTHENTICATION: ReadonlySet<string> = new Set(['auth', 'challenge', 'response', 'success'])
/** The name of the first element. */
const ELEMENT = /^\s*<([\w:.-]+)(?=[\s/>])/
const ATTRIBUTE = /\s+([\w:.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y
const TYPE_OF_ANSWER = /\stype\s*=\s*["'](?:result|error)["']/
const ENTITIES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&apos;',
}

export const xmppIds: ProtocolIds = {
  name: 'xmpp',
  splitter: () => new MessageSplitter(xmppIds),
  replace(packet, replace) {
    const text = packetText(packet.bytes)
    return text === undefined ? packet.bytes : editedBytes(packet.bytes, text, editsIn(text, packet, replace))
  },
  write: writeEach,
}

function editsIn(text: string, { direction }: WholePacket, replace: ReplaceId): readonly Edit[] {
  const match = ELEMENT.exec(text)
  if (match === null) return []
  const [head, name = ''] = match
  const kinds = Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name] : undefined
  const isAnswer = TYPE_OF_ANSWER.test(text.slice(0, endOfTag(text, head.length)))
  const edits: (Edit | undefined)[] = []
  let at = head.length
  ATTRIBUTE.lastIndex = at
  for (let found = ATTRIBUTE.exec(text); found !== null; found = ATTRIBUTE.exec(text)) {
    at = ATTRIBUTE.lastIndex
    const [, attribute = '', quoted, value = quoted ?? ''] = found
    const kind = kinds !== undefined && Object.hasOwn(kinds, attribute) ? kinds[attribute] : undefined
    if (kind === undefined) continue
    const end = at - 1
    const side = kind !== 'request' ? 'in' : isAnswer ? opposite(direction) : direction
    edits.push(editEscaped(text, end - value.length, end, (id) => replace(kind, id, side)))
  }
  if (AUTHENTICATION.has(name) && text[at] === '>') {
    const end = text.indexOf('<', at)
    edits.push(editEscaped(text, at + 1, end < 0 ? text.length : end, (id) => replace('nonce', id, 'in')))
  }
  return edits.filter(isEdit)
}

function endOfTag(text: string, from: number): number {
  const end = text.indexOf('>', from)
  return end < 0 ? text.length : end
}

/** Replaces an escaped text. */
function editEscaped(
  text: string,
  start: number,
  end: number,
  change: (id: string) => string | number | undefined,
): Edit | undefined {
  return editRange(text, start, end, (escaped) => {
    const id = unescapedXml(escaped)
    const replacement = change(id)
    if (replacement === undefined || String(replacement) === id) return undefined
    return String(replacement).replace(/[<>&"']/g, (sign) => ENTITIES[sign] ?? sign)
  })
}
