/** The tooltip for the point of the timeline under the pointer. */
import * as l10n from '@vscode/l10n'
import type { ComponentChildren } from 'preact'
import type { AnswerSpan } from '../../src/shared/exchange.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { activity, connectionName, holdText, STATE_NAMES, traffic } from '../format/connection.ts'
import { eventCount } from '../format/count.ts'
import { bucketText, clocksText, deliveryTexts } from '../format/latency.ts'
import { formatDuration, formatLatency, formatSessionTime } from '../format/time.ts'
import { directionOf } from '../state/events/event-summary.ts'
import type { PageState } from '../state/page.ts'
import type { StateName } from '../state/timeline/spans.ts'
import { FindingTip } from './FindingTip.tsx'
import type { Stage } from './gestures.ts'
import { textsOf } from './layers/request-words.ts'
import { findingMarkAt, placeMarks } from './layout/finding-marks.ts'
import { eventOf, noteAt, type Picked, pickAt } from './layout/hit-test.ts'
import { hit } from './layout/layout.ts'
import type { Pointer } from './painter.ts'

/** Connections of a lane that are named. */
const MOST_NAMED = 8

interface HoverProps {
  readonly page: PageState
  readonly stage: Stage
  readonly pointer: Pointer
}

export function Hover({ page, stage, pointer }: HoverProps) {
  void page.timeline.version.value
  const content = tell(page, stage, pointer)
  if (content === undefined) return null
  return (
    <Tooltip x={pointer.clientX} y={pointer.clientY}>
      {content}
    </Tooltip>
  )
}

function tell(page: PageState, stage: Stage, { x, y }: Pointer): ComponentChildren {
  const { session, timeline } = page
  const spot = hit(stage.layout, stage.view, stage.whole, x, y)
  if (spot === undefined) return undefined
  const sight = {
    ...stage,
    model: timeline.model,
    columns: session.columns,
    exchanges: (id: number) => page.exchanges.of(id),
    latency: (id: number) => page.latency.of(id),
  }
  if (spot.area === 'findings') {
    const placed = placeMarks(stage.layout, stage.view, page.findings.marks.value)
    const mark = findingMarkAt(stage.layout, placed, x, y)
    return mark === undefined ? <Time time={spot.time} /> : <FindingTip page={page} mark={mark} />
  }
  if (spot.area === 'name') {
    const { connection: first, shared = [first] } = spot.lane
    const connections = shared.slice(0, MOST_NAMED).flatMap((id) => session.connection(id) ?? [])
    return connections.map((connection) => {
      const hold = timeline.model.lanes.get(connection.id)?.cycles.hold
      return <Name key={connection.id} connection={connection} now={stage.now} hold={hold} />
    })
  }
  if (spot.area === 'lane') {
    const picked = pickAt(sight, spot.lane, x, y)
    const { connection: id } = spot.lane
    const protocol = session.connection(id)?.decoding?.decoder
    return <Spot page={page} picked={picked} time={spot.time} now={stage.now} protocol={protocol} />
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

interface NameProps {
  readonly connection: ConnectionStatus
  readonly now: number
  /** The median time that its polls were held, in milliseconds. */
  readonly hold: number | undefined
}

function Name({ connection, now, hold }: NameProps) {
  return (
    <>
      <div>{connectionName(connection)}</div>
      <div class="dim">
        {activity(connection, now)} · {traffic(connection)}
      </div>
      <div class="tip-lines">{holdText(connection, now, hold)}</div>
    </>
  )
}

interface SpotProps {
  readonly page: PageState
  readonly picked: Picked | undefined
  readonly time: number
  readonly now: number
  /** The sub-protocol of the connection. */
  readonly protocol: string | undefined
}

function Spot({ page, picked, time, now, protocol }: SpotProps) {
  const { session, notes } = page
  const event = eventOf(picked)
  const row = event === undefined ? undefined : session.summaryOf(event, notes.get(event))
  return (
    <>
      <Time time={picked?.kind === 'event' && row !== undefined ? row.time : time} />
      {time < session.columns.heldFrom && (
        <div class="tone-warn tip-dropped">{l10n.t('dropped: only the amount of traffic is known')}</div>
      )}
      {picked?.kind === 'state' && <State {...picked.span} />}
      {picked?.kind === 'exchange' && <div>{textsOf(picked.bar, now, protocol)[0]}</div>}
      {picked?.kind === 'latency' && (
        <>
          <div>{bucketText(picked.bucket)}</div>
          <div class="dim">
            {deliveryTexts(picked.lane)[0]} · {picked.lane.field}
          </div>
          <div class="dim tip-lines">{clocksText(picked.lane)}</div>
        </>
      )}
      {picked?.kind === 'answer' && <div>{answerText(picked.answer)}</div>}
      {picked?.kind === 'cycle' && (
        <div>
          {OUTCOMES[picked.cycle.outcome].replace(
            '{0}',
            formatDuration((picked.cycle.end ?? now) - picked.cycle.start),
          )}
        </div>
      )}
      {picked?.kind === 'event' && row !== undefined && (
        <div>
          {directionOf(row).arrow} {row.type} <span class="dim">{row.size}</span>
          {picked.count > 1 && (
            <span class="dim"> · {l10n.t('one of {0} at this point', eventCount(picked.count))}</span>
          )}
        </div>
      )}
      {row !== undefined && <Words page={page} event={row.index} />}
      {picked?.kind === 'state' && picked.span.gap !== undefined && (
        <Words page={page} event={picked.span.gap} />
      )}
    </>
  )
}

function answerText({ start, first, end, stalls }: AnswerSpan): string {
  return [
    ...(first === null ? [] : [l10n.t('first token {0}', formatLatency(first - start))]),
    l10n.t('answer {0}', formatLatency(end - start)),
    ...stalls.map(({ from, to }) => l10n.t('stall {0}', formatDuration(to - from))),
  ].join(' · ')
}

const OUTCOMES = {
  data: l10n.t('answered after {0}'),
  empty: l10n.t('nothing new after {0}'),
  error: l10n.t('failed after {0}'),
  held: l10n.t('held for {0}'),
} as const

const STATES: Readonly<Record<StateName, string>> = {
  ...STATE_NAMES,
  waiting: l10n.t('waiting to reconnect'),
}

function State({ state, start, end }: { state: StateName; start: number; end: number }) {
  return (
    <div>
      {STATES[state]} <span class="dim">{l10n.t('for {0}', formatDuration(end - start))}</span>
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

interface TooltipProps {
  /** Position of the pointer in the page. The tooltip is on the side with more room. */
  readonly x: number
  readonly y: number
  readonly children: ComponentChildren
}

const BESIDE = 12

/** A few lines beside the pointer. Hidden from screen readers, which have the description and the list. */
function Tooltip({ x, y, children }: TooltipProps) {
  const { clientWidth, clientHeight } = document.documentElement
  const across =
    x > clientWidth / 2 ? { right: `${clientWidth - x + BESIDE}px` } : { left: `${x + BESIDE}px` }
  const down =
    y > clientHeight / 2 ? { bottom: `${clientHeight - y + BESIDE}px` } : { top: `${y + BESIDE}px` }
  return (
    <div class="timeline-tip" style={{ ...across, ...down }} aria-hidden="true">
      {children}
    </div>
  )
}
