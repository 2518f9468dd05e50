/** What a row of the list says of an event: its payload's name and beginning, what is looked for in it, its latency. */

import { formatDuration, preview } from '../../capture/preview.ts'
import type { Log } from '../../capture/recording.ts'
import { type ColumnBatch, typeOf } from '../../shared/event-columns.ts'
import type { EventPreview, PreviewWish } from '../../shared/protocol.ts'
import { decodedPreview } from '../decoding/decoded-preview.ts'
import type { SessionDecoding } from '../decoding/session-decoding.ts'
import type { Pairs } from '../pairs/pairs.ts'
import { answerTime } from './answer-time.ts'
import { excerpt } from './excerpt.ts'
import { ValueReader } from './value-reader.ts'

const NOTHING: EventPreview = { payloadName: '', text: '' }

/** Newest events that are sent with their previews: about as many as a list shows. */
const NEWEST = 64

export class PreviewMaker {
  readonly #log: Log
  readonly #decoding: SessionDecoding
  readonly #pairs: Pairs
  readonly #values = new ValueReader()
  #find: readonly string[] = []
  #generation = 0

  constructor(log: Log, decoding: SessionDecoding, pairs: Pairs) {
    this.#log = log
    this.#decoding = decoding
    this.#pairs = pairs
  }

  /** The number of the wish that previews follow. */
  get generation(): number {
    return this.#generation
  }

  set wish({ generation, find, paths, replyKeys }: PreviewWish) {
    this.#generation = generation
    this.#find = find
    this.#values.paths = paths
    this.#pairs.replyKeys = replyKeys
  }

  /** Every event was cleared. */
  clear(): void {
    this.#pairs.clear()
  }

  /** The previews of events in their order; empty for events that are not kept. */
  of(indexes: readonly number[]): EventPreview[] {
    const { firstKept, count } = this.#log
    return indexes.map((index) => (index >= firstKept && index < count ? this.#make(index) : NOTHING))
  }

  /** The previews of the last events of a batch of the log; none if newer ones follow it at once. */
  newest(log: Log, { first, count }: ColumnBatch): EventPreview[] {
    const end = first + count
    if (end < log.count) return []
    const from = Math.max(first, end - NEWEST)
    return this.of(Array.from({ length: end - from }, (_, i) => from + i))
  }

  #make(index: number): EventPreview {
    const log = this.#log
    const type = typeOf(log.row(index).kind)
    const text = preview(log, index)
    if (type === 'message') {
      const decoded = this.#decoded(index)
      const latency = this.#pairs.latency(index)
      return {
        payloadName: this.#decoding.nameOf(index),
        text: this.#find.length === 0 ? text : excerpt(log, index, text, this.#find),
        ...(latency !== undefined && { latency }),
        ...(this.#values.paths.length > 0 && {
          values: this.#values.read(log, index, this.#decoding.at(index)),
        }),
        ...decoded,
      }
    }
    if (type === 'connect' || type === 'request') return { payloadName: '', text, ...this.#decoded(index) }
    if (type === 'pong') {
      const latency = answerTime(log, index)
      if (latency === undefined) return { payloadName: '', text }
      const said = [`answered in ${formatDuration(latency)}`, text].filter(Boolean).join(' · ')
      return { payloadName: '', text: said, latency }
    }
    const held = type === 'response' ? heldFor(log, index) : undefined
    return { payloadName: '', text, ...(held !== undefined && { latency: held }) }
  }

  /** What the decoders say of an event. */
  #decoded(index: number): Pick<EventPreview, 'decoded' | 'isPart' | 'isPending'> {
    const decoding = this.#decoding
    const decoded = decodedPreview(decoding.at(index) ?? [], decoding.isUnanswered(index) === true)
    return {
      ...(decoded !== undefined && { decoded }),
      ...(decoded === undefined && decoding.isPart(index) && { isPart: true }),
      ...(!decoding.isFinal(index) && { isPending: true }),
    }
  }
}

function heldFor(log: Log, index: number): number | undefined {
  const event = log.event(index)
  return event.type === 'response' ? event.held : undefined
}
