/** How event streams say that they are complete: there is nothing to come back for, though a browser would. */
import type { RecordBatch, StreamRecord } from '../../parse/record.ts'
import { decodeUtf8 } from '../../parse/utf8.ts'

interface Ending {
  readonly event: string
  /** Its data; undefined if that does not matter. */
  readonly data?: string
}

const ENDINGS: readonly Ending[] = [
  // GraphQL over SSE, distinct connections mode. With data it is one operation of several that is complete.
  { event: 'complete', data: '' },
  // tRPC's subscriptions.
  { event: 'return', data: '' },
  // OpenAI's API, and many that are like it.
  { event: 'message', data: '[DONE]' },
  // Anthropic's API.
  { event: 'message_stop' },
  // Replicate's API.
  { event: 'done' },
]

function isEnding(type: string, payload: Uint8Array): boolean {
  return ENDINGS.some(
    ({ event, data }) =>
      event === type &&
      (data === undefined || (payload.length === data.length && decodeUtf8(payload) === data)),
  )
}

type BatchTaker = ((batch: RecordBatch) => void) | undefined

/** Whether the latest event of a stream is one by which it says that it is complete. */
export class Completion {
  #isSaid = false

  get isSaid(): boolean {
    return this.#isSaid
  }

  record({ kind, event = '', payload }: StreamRecord): void {
    if (kind === 'record') this.#isSaid = isEnding(event, payload)
  }

  /** The same taker of batches, which are looked at on their way. */
  watching(onBatch: BatchTaker): BatchTaker {
    return (
      onBatch &&
      ((batch) => {
        const { count, bytes, starts, sizes } = batch
        const start = starts[count - 1] ?? 0
        this.#isSaid = isEnding('message', bytes.subarray(start, start + (sizes[count - 1] ?? 0)))
        onBatch(batch)
      })
    )
  }

  /** A block without data, which the standard has not dispatched, was the latest. */
  undispatched(event: string): void {
    if (event !== '') this.#isSaid = isEnding(event, new Uint8Array())
  }
}
