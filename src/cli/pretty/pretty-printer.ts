import type { Colors } from 'picocolors/types'
import type { PayloadMasking } from '../../session/payload-masks.ts'
import { redactEvent } from '../../session/redact.ts'
import type { EventSink, RealtimeEvent } from '../../shared/event.ts'
import type { LineStream } from '../line-stream.ts'
import type { PrintedDecoding } from '../printed-decoding.ts'
import { methodOf } from './describe-event.ts'
import { formatEvent } from './event-line.ts'
import { printable } from './terminal-text.ts'

export interface PrettyOptions {
  /** Called for each line, because terminals change their width. */
  readonly columns: () => number
  readonly colors: Colors
  /** What is masked. */
  readonly masking: PayloadMasking
  readonly decoding: PrintedDecoding
  /** What is printed above a connection, by its number. */
  readonly headings?: ReadonlyMap<number, string> | undefined
}

/** Where lines are written. */
export type Lines = Pick<LineStream, 'write' | 'onWritable'>

/** Prints each event of a session as a readable line. */
export class PrettyPrinter implements EventSink {
  readonly #stream: Lines
  readonly #options: PrettyOptions
  /** By connection, for the requests of polls. */
  readonly #methods = new Map<number, string>()

  constructor(stream: Lines, options: PrettyOptions) {
    this.#stream = stream
    this.#options = options
  }

  append(event: RealtimeEvent): boolean {
    const { columns, colors, masking, decoding } = this.#options
    this.#writeHeading(event)
    const redacted = redactEvent(event, masking)
    const decoded = decoding.decode(event, redacted)
    return this.#stream.write(
      formatEvent(this.#withMethod(redacted), columns(), colors, decoded, decoding.isPart),
    )
  }

  onWritable(callback: () => void): void {
    this.#stream.onWritable(callback)
  }

  #writeHeading(event: RealtimeEvent): void {
    if (event.type !== 'connect' || event.attempt > 0) return
    const heading = this.#options.headings?.get(event.connection)
    if (heading !== undefined) this.#stream.write(this.#options.colors.bold(printable(heading)))
  }

  /** The request of a poll with the method of its connection, if it has no other. */
  #withMethod(event: RealtimeEvent): RealtimeEvent {
    if (event.type === 'connect') {
      const method = methodOf(event)
      if (method !== undefined) this.#methods.set(event.connection, method)
    }
    if (event.type !== 'request') return event
    const method = event.method ?? this.#methods.get(event.connection)
    return method === undefined ? event : { ...event, method }
  }
}
