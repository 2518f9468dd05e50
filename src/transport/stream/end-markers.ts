/**
 * Events by which a server says that its stream is complete, so that there is no reason to reconnect as browsers do.
 */
import type { RecordBatch, StreamRecord } from '../../parse/record.ts'
import { decodeUtf8 } from '../../parse/utf8.ts'

interface EndMarker {
  readonly event: string
  /** The data that it must have; undefined if any will do. */
  readonly data?: string
}

const END_MARKERS: readonly EndMarker[] = [
  // GraphQL over SSE, distinct connections mode. With data it completes one of several operations.
  { event: 'complete', data: '' },
  // tRPC subscriptions.
  { event: 'return', data: '' },
  // OpenAI's API, and many that imitate it.
  { event: 'message', data: '[DONE]' },
  // Anthropic's API.
  { event: 'message_stop' },
  // Replicate's API.
  { event: 'done' },
]

function isEndMarker(type: string, payload: Uint8Array): boolean {
  return END_MARKERS.some(
    ({ event, data }) =>
      event === type &&
      (data === undefined || (payload.length === data.length && decodeUtf8(payload) === data)),
  )
}

type BatchSink = ((batch: RecordBatch) => void) | undefined

/** Tracks whether the latest event of a stream is an end marker. */
export class EndMarkers {
  #isComplete = false

  get isComplete(): boolean {
    return this.#isComplete
  }

  record({ kind, event = '', payload }: StreamRecord): void {
    if (kind === 'record') this.#isComplete = isEndMarker(event, payload)
  }

  /** Wraps a sink of batches, to see the last event of each batch. */
  watch(onBatch: BatchSink): BatchSink {
    return (
      onBatch &&
      ((batch) => {
        const { count, bytes, starts, sizes } = batch
        const start = starts[count - 1] ?? 0
        this.#isComplete = isEndMarker('message', bytes.subarray(start, start + (sizes[count - 1] ?? 0)))
        onBatch(batch)
      })
    )
  }

  /** The latest block is an event without data, which the HTML standard does not dispatch. */
  undispatched(event: string): void {
    if (event !== '') this.#isComplete = isEndMarker(event, new Uint8Array())
  }
}
