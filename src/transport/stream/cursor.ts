/** The cursor of an HTTP stream: a value of the last record, from which the next request continues. */
import type { StreamRecord } from '../../parse/record.ts'
import { type JsonCursor, parseCursor } from '../../shared/cursor.ts'
import { Failure } from '../../shared/failure.ts'
import { afterBody, applyPosition, droppedCursor, GONE } from '../cursor.ts'
import { emitError } from '../report.ts'
import type { AttemptContext } from '../transport.ts'

/** Moves the cursor with the records of one attempt. */
export class StreamCursor {
  readonly #context: AttemptContext
  #cursor: JsonCursor | undefined

  constructor(context: AttemptContext) {
    this.#context = context
    const cursor = parseCursor(context.spec.cursor)
    this.#cursor = cursor.kind === 'json' ? cursor : undefined
  }

  /** Another request can continue after the last record. */
  get resumes(): boolean {
    return this.#cursor !== undefined
  }

  /** Moves to a record. Emits an error if it is not JSON, and ignores the records after it. */
  moveTo({ kind, payload, truncated = false }: StreamRecord, time: number): void {
    const { resume } = this.#context
    // A blank line is a heartbeat.
    if (this.#cursor === undefined || kind !== 'record' || truncated || payload.length === 0) return
    try {
      const position = afterBody(this.#cursor, payload, resume)
      applyPosition(position, resume)
      if (position.moved || resume.cursor === undefined || !isGone(payload)) return
      const failure = droppedCursor(GONE, resume)
      if (failure !== undefined) emitError(this.#context, failure, time)
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown
      this.#cursor = undefined
      emitError(this.#context, thrown, time)
    }
  }
}

/** Whether it is the record by which Kubernetes says that the version in the request is too old. */
function isGone(payload: Uint8Array): boolean {
  const { type, object } = JSON.parse(Buffer.from(payload).toString()) ?? {}
  return type === 'ERROR' && object?.code === GONE
}
