/** What an assistant gets to explain something: a question, and an excerpt that is masked and bounded. */
import { Failure } from '../shared/failure.ts'
import type { EventExcerpt } from '../shared/protocol/excerpts.ts'
import { describeFinding } from './diagnose-tool.ts'
import { describeConnection } from './live-connections.ts'
import type { AgentSession } from './tool.ts'

/** Characters of an excerpt, of its lists of events, and of each text. */
const MAX_EXCERPT = 12_000
const MAX_EVENTS = 4000
const MAX_TEXT = 600
/** Events of the connection before and after the one in question. */
const BEFORE = 6
const AFTER = 4

/** The question, and the excerpt as JSON. */
export function explanationOf(question: string, excerpt: unknown): string {
  const json = JSON.stringify(excerpt, undefined, 1)
  const cut = json.length > MAX_EXCERPT ? `${json.slice(0, MAX_EXCERPT)}…` : json
  // Longer than any run of backticks in the payloads, so that none of them ends the block (CommonMark section 4.5).
  let fence = '```'
  while (cut.includes(fence)) fence += '`'
  return `${question}\n\n${fence}json\n${cut}\n${fence}\n`
}

/** The event with this number, counted from 1, among its neighbors on its connection. Rejects with NO_EVENT. */
export async function eventExcerpt(session: AgentSession, number: number, mask: readonly string[]) {
  const [event] = await eventsOf(session, [number], mask)
  if (event === undefined) throw new Failure('NO_EVENT', `Event ${number} is not kept any more.`)
  if (typeof event.connection !== 'number') return { event }
  const plan = { filter: '', connection: event.connection, maxText: MAX_TEXT, maxTotal: MAX_EVENTS, mask }
  const before = await session.call('excerpts', { ...plan, max: BEFORE, at: { before: number } }, 0)
  const after = await session.call('excerpts', { ...plan, max: AFTER, at: { from: number + 1 } }, 0)
  return {
    connection: await connectionIn(session, event.connection),
    before: before.events,
    event,
    after: after.events,
  }
}

/** A finding with the events that show it. Rejects with NO_FINDING. */
export async function findingExcerpt(
  session: AgentSession,
  which: { readonly rule: string; readonly connection: number | null; readonly from: number | null },
  mask: readonly string[],
) {
  const { findings } = await session.findings()
  const finding = findings.find(
    ({ rule, connection = null, from = null }) =>
      rule === which.rule && connection === which.connection && from === which.from,
  )
  if (finding === undefined)
    throw new Failure('NO_FINDING', 'The finding is no longer there; choose it again in the list.')
  const { connection, events = [] } = finding
  return {
    finding: describeFinding(finding),
    ...(connection !== undefined && { connection: await connectionIn(session, connection) }),
    events: await eventsOf(session, events.slice(0, BEFORE + AFTER), mask),
  }
}

async function eventsOf(
  session: AgentSession,
  numbers: readonly number[],
  mask: readonly string[],
): Promise<readonly EventExcerpt[]> {
  if (numbers.length === 0) return []
  const plan = { filter: `number:${numbers.join(',')}`, connection: null, max: numbers.length }
  const limits = { maxText: MAX_TEXT, maxTotal: MAX_EVENTS, mask }
  return (await session.call('excerpts', { ...plan, ...limits, at: { from: 1 } }, 0)).events
}

async function connectionIn(session: AgentSession, id: number) {
  const { connections } = await session.call('status', null)
  const found = connections.find((each) => each.id === id)
  return found === undefined ? { connection: id } : describeConnection(found)
}
