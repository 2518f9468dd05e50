/** What the rules have found in a session, once they have seen all of it. */
import { Failure } from '../../shared/failure.ts'
import type { FindingList } from '../../shared/protocol/findings.ts'
import type { EngineSession } from './engine-session.ts'

/** Milliseconds to wait for a session that goes on. */
const LONGEST = 10_000

/** Waits until the events so far are diagnosed. Rejects with UNREADABLE. If a live session never gets there, resolves to what was found after some seconds. */
export async function diagnosed(session: EngineSession): Promise<FindingList> {
  await session.call('status', null, 0)
  const until = performance.now() + LONGEST
  for (;;) {
    await session.refresh()
    const failure = session.status?.file?.failure
    if (failure !== undefined) throw new Failure('UNREADABLE', failure)
    const list = await session.call('findings', null)
    const isLate = session.uri === undefined && performance.now() > until
    if ((list.isCurrent && session.status?.file?.loading === undefined) || isLate) return list
    await nextStatus(session)
  }
}

/** The engine sends its status whenever the rules have run. */
async function nextStatus(session: EngineSession): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer)
      subscription.dispose()
      resolve()
    }
    const timer = setTimeout(done, 1000)
    const subscription = session.onStatus(done)
  })
}
