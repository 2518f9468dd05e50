/** The names of the latest messages of a connection, for people who expected others. */
import type { LiveCandidate } from '../../capture/filter/live-candidate.ts'
import { payloadName } from '../../decode/payload-name.ts'
import { nameIn } from '../../decode/protocols/payloads/value-name.ts'
import type { DecodedEvent } from '../../shared/decoded.ts'
import type { MessageEvent } from '../../shared/event.ts'
import { fullNameOf, wordOf } from '../../shared/protocol-words.ts'
import { tryParseJson } from '../../shared/text/json-text.ts'

/** Messages that are looked at, and names that are said. */
const MOST_MESSAGES = 16
const MOST_NAMES = 3
/** Bytes of a message that is read for its name, and kept until somebody asks for it. */
const MAX_READ = 4096

interface Recent {
  /** The first one. */
  readonly packet: DecodedEvent | undefined
  readonly eventName: string
  readonly isBinary: boolean
  /** Absent if its packets say its name, or it is too large. */
  readonly text: string | undefined
}

export class RecentNames {
  /** A message, or the name of one that is too large to be kept. */
  readonly #recent: (Recent | string)[] = []

  /** Call for each inbound message. */
  take(candidate: LiveCandidate, { opcode, payload }: MessageEvent): void {
    if (this.#recent.length >= MOST_MESSAGES) this.#recent.shift()
    const isBinary = opcode === 'binary'
    const [packet] = candidate.decoded()
    const isSmall = payload.length <= MAX_READ
    const isRead = packet === undefined && !isBinary && isSmall
    const { eventName } = candidate
    const recent = { packet, eventName, isBinary, text: isRead ? candidate.text() : undefined }
    this.#recent.push(isSmall ? recent : nameOf(recent))
  }

  /** Different ones, the latest last. */
  get names(): readonly string[] {
    const names = new Set<string>()
    for (const recent of this.#recent.toReversed()) {
      if (names.size >= MOST_NAMES) break
      names.add(typeof recent === 'string' ? recent : nameOf(recent))
    }
    return [...names].reverse()
  }
}

function nameOf({ packet, eventName, isBinary, text }: Recent): string {
  if (packet !== undefined) {
    const words = [wordOf(packet) ?? (packet.protocol === 'json' ? '' : packet.kind), fullNameOf(packet)]
    const said = words.filter((word) => word !== '').join(' ')
    if (said !== '') return payloadName([{ name: said }], isBinary)
  }
  if (eventName !== '' && eventName !== 'message') return payloadName([{ name: eventName }], isBinary)
  const name = text === undefined ? undefined : nameIn(tryParseJson(text))
  return payloadName(name === undefined ? [] : [{ name }], isBinary)
}
