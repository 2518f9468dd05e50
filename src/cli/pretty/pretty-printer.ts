import type { Colors } from 'picocolors/types'
import type { PayloadMasking } from '../../session/payload-masks.ts'
import { redactEvent } from '../../session/redact.ts'
import type { EventSink, RealtimeEvent } from '../../shared/event.ts'
import type { LineStream } from '../line-stream.ts'
import { formatEvent } from './event-line.ts'

export interface PrettyOptions {
  /** Called for each line, because terminals change their width. */
  readonly columns: () => number
  readonly colors: Colors
  /** What is masked. */
  readonly masking: PayloadMasking
}

/** Prints each event of a session as a readable line. */
export class PrettyPrinter implements EventSink {
  readonly #stream: LineStream
  readonly #options: PrettyOptions

  constructor(stream: LineStream, options: PrettyOptions) {
    this.#stream = stream
    this.#options = options
  }

  append(event: RealtimeEvent): boolean {
    const { columns, colors, masking } = this.#options
    return this.#stream.write(formatEvent(redactEvent(event, masking), columns(), colors))
  }

  onWritable(callback: () => void): void {
    this.#stream.onWritable(callback)
  }
}
