/** The tooltip for the point of the timeline under the pointer. */
import type { ComponentChildren } from 'preact'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { activity, connectionName, traffic } from '../format/connection.ts'
import { plural } from '../format/count.ts'
import { formatDuration, formatSessionTime } from '../format/time.ts'
import { directionOf, summarizeEvent, timeOf } from '../state/events/event-summary.ts'
import type { PageState } from '../state/page.ts'
import type { StateName } from '../state/timeline/spans.ts'
import type { Stage } from './gestures.ts'
import { eventOf, noteAt, type Picked, pickAt } from './layout/hit-test.ts'
import { hit } from './layout/layout.ts'
import type { Pointer } from './painter.ts'
import { Tooltip } from './Tooltip.tsx'

interface HoverProps {
  readonly page: PageState
  readonly stage: Stage
  readonly pointer: Pointer
}

export function Hover({ page, stage, pointer }: HoverProps) {
  void page.timeline.version.value
  const told = tell(page, stage, pointer)
  if (told === undefined) return null
  return (
    <Tooltip x={pointer.clientX} y={pointer.clientY}>
      {told}
    </Tooltip>
  )
}

function tell(page: PageState, stage: Stage, { x, y }: Pointer): ComponentChildren {
  const { session, timeline } = page
  const spot = hit(stage.layout, stage.view, stage.whole, x, y)
  if (spot === undefined) return undefined
  const sight = { ...stage, model: timeline.model, columns: session.columns }
  if (spot.area === 'name') {
    const connection = session.status.value?.connections.find(({ id }) => id === spot.lane.connection)
    return connection && <Name connection={connection} now={stage.now} />
  }
  if (spot.area === 'lane') {
    const picked = pickAt(sight, spot.lane, x, y)
    return <Spot page={page} picked={picked} time={spot.time} now={stage.now} />
  }
  const note = spot.area === 'axis' ? noteAt(sight, x, y) : undefined
  if (note === undefined) return spot.area === 'axis' ? undefined : <Time time={spot.time} />
  return (
    <>
      <Time time={note.time} />
      <Words page={page} event={note.event} />
    </>
  )
}

function Name({ connection, now }: { connection: ConnectionStatus; now: number }) {
  return (
    <>
      <div>{connectionName(connection)}</div>
      <div class="dim">
        {activity(connection, now)} · {traffic(connection)}
      </div>
    </>
  )
}

interface SpotProps {
  readonly page: PageState
  readonly picked: Picked | undefined
  readonly time: number
  readonly now: number
}

function Spot({ page, picked, time, now }: SpotProps) {
  const { session, notes } = page
  const event = eventOf(picked)
  const row =
    event === undefined
      ? undefined
      : summarizeEvent(session.columns, session.eventNames, session.status.value, event, notes.get(event))
  return (
    <>
      <Time time={picked?.kind === 'event' && row !== undefined ? row.time : time} />
      {time < keptFrom(page) && (
        <div class="tone-warn tip-dropped">dropped: only the amount of traffic is known</div>
      )}
      {picked?.kind === 'state' && <State {...picked.span} />}
      {picked?.kind === 'cycle' && (
        <div>
          {OUTCOMES[picked.cycle.outcome]} {formatDuration((picked.cycle.end ?? now) - picked.cycle.start)}
        </div>
      )}
      {picked?.kind === 'event' && row !== undefined && row.bannerIcon === undefined && (
        <div>
          {directionOf(row).arrow} {row.type} <span class="dim">{row.size}</span>
          {picked.count > 1 && <span class="dim"> · one of {plural(picked.count, 'event')} here</span>}
        </div>
      )}
      {row !== undefined && <Words page={page} event={row.index} />}
      {picked?.kind === 'state' && picked.span.gap !== undefined && (
        <Words page={page} event={picked.span.gap} />
      )}
    </>
  )
}

/** Session time of the oldest event kept. 0 if none was dropped. */
function keptFrom({ session: { columns } }: PageState): number {
  return columns.first === 0 ? 0 : (timeOf(columns, columns.first) ?? 0)
}

const OUTCOMES = {
  data: 'answered after',
  empty: 'nothing new after',
  error: 'failed after',
  held: 'held for',
} as const

const STATES: Readonly<Record<StateName, string>> = {
  connecting: 'connecting',
  open: 'open',
  waiting: 'waiting to reconnect',
  closed: 'closed',
  failed: 'failed',
}

function State({ state, start, end }: { state: StateName; start: number; end: number }) {
  return (
    <div>
      {STATES[state]} <span class="dim">for {formatDuration(end - start)}</span>
    </div>
  )
}

function Time({ time }: { time: number }) {
  return <div class="dim tabular">{formatSessionTime(time)}</div>
}

/** The text of an event, once it has arrived. */
function Words({ page, event }: { page: PageState; event: number }) {
  const text = page.notes.get(event)?.text
  if (text === undefined) page.notes.want([event])
  return text === undefined || text === '' ? null : <div class="tip-words mono">{text}</div>
}
