/** An event that has just happened, as a filter sees it. */
import type { DecodedEvent } from '../../shared/decoded.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { packKind, UNKNOWN_SIZE } from '../../shared/event-columns.ts'
import type { Filter } from '../../shared/filter/syntax.ts'
import { lifecycleName } from '../lifecycle-name.ts'
import { parseJson, textOf } from '../search/event-text.ts'
import type { Candidate } from './candidate.ts'

type Regex = Filter & { kind: 'regex' }

export class LiveCandidate implements Candidate {
  readonly number = undefined
  readonly time: number
  readonly kind: number
  readonly connection: number
  readonly size: number
  readonly wireSize: number
  readonly eventName: string
  readonly gap: number | undefined
  readonly #packets: readonly DecodedEvent[]
  readonly #verdicts = new Map<Regex, boolean>()
  #event: RealtimeEvent | undefined
  #text: string | undefined
  #json: { readonly value: unknown } | undefined

  /** `gap`: milliseconds since the previous event of its connection. */
  constructor(event: RealtimeEvent, packets: readonly DecodedEvent[], gap: number | undefined) {
    this.#event = event
    this.#packets = packets
    this.time = event.time
    this.connection = 'connection' in event ? event.connection : 0
    const { type } = event
    const payload = 'payload' in event ? event.payload : undefined
    this.kind = packKind({
      type,
      ...('direction' in event && { direction: event.direction }),
      ...(event.type === 'message' && { binary: event.opcode === 'binary' }),
    })
    this.size = payload?.length ?? 0
    this.wireSize = ('wireSize' in event ? event.wireSize : undefined) ?? UNKNOWN_SIZE
    this.eventName = nameOf(event)
    this.gap = gap
  }

  /** Reads the text, so that the payload is not needed any more. */
  detach(): void {
    this.text()
    this.#event = undefined
  }

  text(): string | undefined {
    if (this.#event !== undefined) this.#text ??= textOf(this.#event)
    return this.#text
  }

  json(): unknown {
    this.#json ??= { value: parseJson(this.text()) }
    return this.#json.value
  }

  decoded(): readonly DecodedEvent[] {
    return this.#packets
  }

  values(): readonly unknown[] {
    return this.#packets.flatMap(({ value }) => (value === undefined ? [] : [value]))
  }

  /** It is not known yet whether an answer comes. */
  isUnanswered(): boolean {
    return false
  }

  verdict(regex: Regex): boolean | undefined {
    return this.#verdicts.get(regex)
  }

  setVerdict(regex: Regex, verdict: boolean): void {
    this.#verdicts.set(regex, verdict)
  }
}

function nameOf(event: RealtimeEvent): string {
  if (event.type === 'message') return event.event ?? ''
  return 'payload' in event ? '' : lifecycleName(event)
}
