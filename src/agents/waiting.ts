/** Waits for events, until a signal says otherwise. */
import { Failure } from '../shared/failure.ts'
import type { ExcerptMethods, Waited } from '../shared/protocol/excerpts.ts'
import type { AgentSession } from './tool.ts'

/** Rejects with CANCELLED if the signal is aborted, and as `awaitEvent` of the engine does. */
export async function awaitEvent(
  session: AgentSession,
  wait: Omit<ExcerptMethods['awaitEvent']['params'], 'ticket'>,
  signal: AbortSignal,
): Promise<Waited> {
  const ticket = crypto.randomUUID()
  const cancel = () => void session.call('cancelAwait', { ticket }).catch(() => null)
  signal.addEventListener('abort', cancel)
  try {
    signal.throwIfAborted()
    // The engine ends it, so the call has no limit of its own.
    const waited = await session.call('awaitEvent', { ...wait, ticket }, 0)
    if (waited.end !== 'cancelled') return waited
  } catch (thrown) {
    if (!signal.aborted) throw thrown
  } finally {
    signal.removeEventListener('abort', cancel)
  }
  throw new Failure('CANCELLED', 'Waiting was canceled. The connection goes on.')
}
