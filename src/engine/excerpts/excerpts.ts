/** Lists excerpts of the events that a filter finds, a page at a time. */
import type { Log } from '../../capture/recording.ts'
import { maskingOf } from '../../session/payload-masks.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { EventExcerpt, ExcerptPlan, Excerpts } from '../../shared/protocol/excerpts.ts'
import type { SessionDecoding } from '../decoding/session-decoding.ts'
import type { EventFinder } from '../event-finder.ts'
import { excerptOf } from './event-excerpt.ts'

/** Milliseconds to wait for the decoders. What is not known by then is left out. */
const PATIENCE = 2000
/** Bytes of payloads that are read for a page. */
const MAX_READ = 128 * 1024 * 1024

export class ExcerptLister {
  readonly #log: Log
  readonly #finder: EventFinder
  readonly #decoding: SessionDecoding
  readonly #waiting = new Set<() => void>()

  constructor(log: Log, finder: EventFinder, decoding: SessionDecoding) {
    this.#log = log
    this.#finder = finder
    this.#decoding = decoding
  }

  /** Call when more events are decoded. */
  decoded(): void {
    for (const look of [...this.#waiting]) look()
  }

  /** See `excerpts` in `ExcerptMethods`. */
  async list(plan: ExcerptPlan): Promise<Excerpts> {
    const { at, max, maxText, maxTotal, mask } = plan
    const masking = maskingOf({ mask })
    const { generation } = this.#log
    const matches = await this.#matches(plan)
    const isForward = 'from' in at
    const chosen = isForward ? matches.slice(0, max) : matches.slice(-max).reverse()
    await this.#untilDecoded(chosen)
    if (this.#log.generation !== generation)
      throw new Failure('CANCELLED', 'The events were cleared while they were listed; list them again.')
    const events: EventExcerpt[] = []
    let [length, read] = [0, 0]
    for (const index of chosen) {
      const event = this.#log.peek(index)
      if ('payload' in event) read += event.payload.length
      const excerpt = excerptOf(event, index + 1, { maxText, masking, ...this.#packetsOf(event, index) })
      length += JSON.stringify(excerpt).length
      if (events.length > 0 && (length > maxTotal || read > MAX_READ)) break
      events.push(excerpt)
    }
    const isLast = events.length === matches.length
    const last = events.at(-1)?.number ?? 0
    if (!isForward) events.reverse()
    const next = isForward ? last + 1 : last
    return { events, next: isLast ? null : next, matches: matches.length }
  }

  async #matches({ filter, connection, at }: ExcerptPlan): Promise<number[]> {
    const log = this.#log
    const { count } = log
    const from = 'from' in at ? at.from - 1 : 0
    const end = 'from' in at ? count : Math.min(count, (at.before ?? Number.POSITIVE_INFINITY) - 1)
    const found = await this.#finder.search(filter, from, ({ scanned, matches }) =>
      scanned >= end || scanned >= log.count ? matches.slice(0, matches.length) : undefined,
    )
    return Array.from(found).filter(
      (index) =>
        index >= log.firstKept &&
        index < end &&
        (connection === null || log.row(index).connection === connection),
    )
  }

  /** Nothing for plain JSON: its payload shows what it says. */
  #packetsOf(event: RealtimeEvent, index: number) {
    const decoding = this.#decoding
    if (!('connection' in event) || decoding.isPlain(event.connection)) return {}
    return { packets: decoding.packets(index), needsValues: decoding.speaks(event.connection) }
  }

  async #untilDecoded(indexes: readonly number[]): Promise<void> {
    const decoding = this.#decoding
    const isKnown = () => indexes.every((index) => index < this.#log.firstKept || decoding.isKnown(index))
    if (isKnown()) return
    decoding.start()
    await new Promise<void>((resolve) => {
      const look = () => {
        if (isKnown()) done()
      }
      const done = () => {
        clearTimeout(timer)
        this.#waiting.delete(look)
        resolve()
      }
      const timer = setTimeout(done, PATIENCE)
      this.#waiting.add(look)
    })
  }
}
