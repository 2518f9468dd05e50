/** What a packet is called in the list and the details. */
import * as l10n from '@vscode/l10n'
import type { DecodedEvent, DecodedKind } from '../../src/shared/decoded.ts'
import type { DecodedPreview } from '../../src/shared/protocol/decoding.ts'
import type { EventPreview } from '../../src/shared/protocol.ts'
import { wordOf, wordsOf } from '../../src/shared/protocol-words.ts'

/** Its name in the list would only say what the payload says: such messages are shown as they are. */
const PLAIN = 'json'

/** What a message says in its protocol. Undefined if no protocol is known. */
export function decodedIn(preview: EventPreview | undefined): DecodedPreview | undefined {
  const decoded = preview?.decoded
  return decoded === undefined || decoded.protocol === PLAIN ? undefined : decoded
}

export function isPlain({ protocol }: Pick<DecodedEvent, 'protocol'>): boolean {
  return protocol === PLAIN
}

type Titled = Pick<DecodedPreview, 'protocol' | 'kind' | 'word' | 'name' | 'channel'>

/** A packet's own name says what it is. */
const SELF_NAMED: ReadonlySet<DecodedKind> = new Set(['handshake', 'heartbeat', 'close'])

/** Such as `EVENT sum → ack`, `SUBSCRIBE news/#` and `next onPrice`. */
export function titleOf({ protocol, kind, word, name, channel }: Titled): string {
  const { answer, hasChannel = false, usualChannel } = wordsOf(protocol)
  const said = word ?? (SELF_NAMED.has(kind) && name !== undefined ? '' : kind)
  const isSaid = name?.toLowerCase() === said.toLowerCase()
  const where = hasChannel && channel !== usualChannel ? channel : ''
  const words = [said, isSaid ? '' : name, where].filter(Boolean)
  const title = words.join(' ') || kind
  return kind === 'request' && answer !== undefined ? `${title} → ${answer}` : title
}

export function titleOfEvent(event: DecodedEvent): string {
  const word = wordOf(event)
  return titleOf({ ...event, ...(word !== undefined && { word }) })
}

/** The text for a request without an answer. */
export function unansweredText({ protocol }: Pick<DecodedPreview, 'protocol'>): string {
  return wordsOf(protocol).answer === 'ack' ? l10n.t('no ack') : l10n.t('no answer')
}

export const KIND_ICONS: Readonly<Record<DecodedKind, string>> = {
  handshake: 'plug',
  heartbeat: 'heart',
  request: 'arrow-right',
  response: 'reply',
  event: 'zap',
  subscribe: 'bell-dot',
  unsubscribe: 'bell-slash',
  data: 'circle-small-filled',
  complete: 'check',
  ack: 'reply',
  error: 'error',
  close: 'circle-slash',
}
