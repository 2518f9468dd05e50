/** The context in which the readers of our own responses read those of another program. */
import type { TransportEvent } from '../../shared/event.ts'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import { emitError } from '../../transport/report.ts'
import type { AttemptContext, Outcome } from '../../transport/transport.ts'
import { CUT_OFF, type CutOff, type ObservedExchange } from './observed-exchange.ts'
import type { SeenConnection } from './seen-connection.ts'

/** Never aborted: only the source ends an exchange. */
const { signal } = new AbortController()

/** A context that records an exchange on a connection. Its clock shows when the source last reported something. */
export function recordingContext(connection: SeenConnection, exchange: ObservedExchange): AttemptContext {
  const { clock, maxMessageSize } = connection
  const spec = { ...connection.spec, ...(maxMessageSize !== undefined && { maxMessageSize }) }
  return {
    ...{ spec, network: {}, resume: connection.resumeState, signal },
    clock: { startedAt: clock.startedAt, now: () => exchange.time },
    emit: (event) => {
      const seen = asReported(event, exchange.cutOff)
      if (seen !== undefined) connection.emit(seen)
    },
    emitBatch: (batch) => connection.emitBatch(batch),
  }
}

/** An event with what the source knows of the end: who ended it, and whether that was a failure. */
function asReported(event: TransportEvent, cutOff: CutOff | undefined): TransportEvent | undefined {
  if (event.type === 'error' && event.code === CUT_OFF) return undefined
  if (event.type !== 'close' || cutOff === undefined) return event
  const { by: _, ...close } = event
  const { by, reason } = cutOff
  return { ...close, ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) }
}

/** Records that there was no response. */
export function recordFailure(
  connection: SeenConnection,
  exchange: ObservedExchange,
  { failure, time }: CutOff,
): void {
  const context = recordingContext(connection, exchange)
  emitError(context, failure, time)
  // As on our own connections, there is a `close` only if nothing else says that it ended.
  if (failure.code === CUT_OFF) context.emit({ type: 'close', time })
  connection.finish({ end: 'lost', reason: failure.message }, time)
}

/** Runs a reader to its end. Whatever it throws ends only this connection. */
export async function record(
  connection: SeenConnection,
  exchange: ObservedExchange,
  read: (context: AttemptContext) => Promise<Outcome>,
): Promise<void> {
  try {
    connection.finish(await read(recordingContext(connection, exchange)), exchange.time)
  } catch (thrown) {
    const failure = thrown instanceof Failure ? thrown : new Failure('INTERNAL', sentenceOf(thrown))
    connection.emit({ type: 'error', time: exchange.time, code: failure.code, message: failure.message })
    connection.finish({ end: 'failed', reason: failure.message }, exchange.time)
  }
}
