/** Effects that keep the parts of the page's state consistent. */
import { computed, effect, type Signal, untracked } from '@preact/signals'
import { largest } from '../../src/shared/numbers.ts'
import type { Selected } from '../../src/shared/protocol/filtering.ts'
import type { Host } from '../host/host.ts'
import type { HostWatch } from '../host/host-watch.ts'
import type { AnswerStore } from './answers.ts'
import type { FilterStore } from './filter.ts'
import type { FindingStore } from './findings.ts'
import type { LayoutStore } from './layout.ts'
import type { ListScroll } from './list-scroll.ts'
import type { PageClock } from './page-clock.ts'
import type { RecordingStore } from './recording.ts'
import type { Selection } from './selection.ts'
import type { SessionStore } from './session.ts'
import type { StatisticsStore } from './statistics.ts'
import type { TechniqueStore } from './techniques.ts'
import type { TimelineStore } from './timeline/timeline.ts'
import { FIRST_VIEW, goLive } from './timeline/view.ts'
import type { ViewId } from './views.ts'

export interface Parts {
  readonly session: SessionStore
  readonly timeline: TimelineStore
  readonly scroll: ListScroll
  readonly filter: FilterStore
  readonly statistics: StatisticsStore
  readonly selection: Selection
  readonly recording: RecordingStore
  /** Makes list and timeline follow new events. */
  goLive(): void
  readonly answers: AnswerStore
  readonly findings: FindingStore
  readonly techniques: TechniqueStore
  readonly clock: PageClock
  readonly view: Signal<ViewId>
  readonly watch: HostWatch
  readonly host: Host
  readonly layout: LayoutStore
}

/** Starts the effects, which run as long as the page exists. */
export function bind(parts: Parts): void {
  const { session, timeline, filter, statistics, watch, host } = parts
  effect(() => {
    const result = filter.result.value
    untracked(() => session.setFilterResult(result))
  })
  effect(() => {
    const range = timeline.range.value
    untracked(() => session.setRange(range))
  })
  effect(() => {
    void session.frame.value
    statistics.want(shownPart(session, filter))
  })
  // If the host stops answering, the page freezes at its last message, and the calls under way fail.
  effect(() => {
    const since = watch.silentSince.value
    untracked(() => session.freeze(since))
    if (since !== undefined) host.giveUp()
  })
  hideHeartbeats(parts)
  showWhatIsSelected(parts)
  leaveTogether(parts)
  followReplay(parts)
  showNew(parts)
  followAnswers(parts)
  followFindings(parts)
  followTechniques(parts)
  leaveOutRemoved(parts)
}

/** The pings of connections are a group of events; the heartbeats of protocols are found by the engine. */
function hideHeartbeats({ layout, session, filter }: Parts): void {
  const isHidden = computed(() => layout.current.value.heartbeats === 'hidden')
  effect(() => {
    const hides = isHidden.value
    untracked(() => {
      session.setHidden('control', hides)
      filter.narrow(hides ? 'not is:heartbeat' : '')
    })
  })
}

/** The part of the session that the list shows. Undefined for the whole session. */
export function shownPart(session: SessionStore, filter: FilterStore): Selected | undefined {
  const { connection, hidden, range, removed } = session.scope.value
  const result = filter.result.value
  const isWhole = connection === undefined && hidden.size === 0 && range === undefined && removed.size === 0
  if (isWhole && result === undefined) return undefined
  const { end } = session.columns
  return {
    generation: result?.generation ?? null,
    range: range === undefined ? null : { from: Math.max(0, range.from), to: Math.max(0, range.to) },
    connection: connection ?? null,
    hidden: [...hidden].sort(),
    ...(removed.size > 0 && { without: [...removed] }),
    end: result === undefined ? end : Math.min(end, result.scanned),
  }
}

/** Neither the list nor the timeline shows the events of connections that the user removed. */
function leaveOutRemoved({ session, timeline }: Parts): void {
  let last = ''
  effect(() => {
    const removed = (session.status.value?.removed ?? []).map(({ id }) => id)
    const key = removed.join()
    const { scope } = session
    if (key === last && scope.value.removed.size === removed.length) return
    last = key
    untracked(() => {
      const isRemoved = removed.includes(scope.value.connection ?? 0)
      session.setScope({
        ...scope.value,
        removed: new Set(removed),
        ...(isRemoved && { connection: undefined }),
      })
      timeline.leaveOut(scope.value.removed)
      timeline.rebuild(session.columns, (index) => session.eventNames[index] ?? '')
    })
  })
}

/** Moves the timeline's view to the event in the details. */
function showWhatIsSelected({ session, timeline, selection }: Parts): void {
  effect(() => {
    const index = selection.current.value?.index
    const time = index === undefined ? undefined : session.columns.timeOf(index)
    if (time !== undefined) untracked(() => timeline.reveal(time, session.viewTime()))
  })
}

/** List and timeline stop following together. The timeline's End key starts both. */
function leaveTogether({ session, timeline, scroll }: Parts): void {
  scroll.onLeave = () => {
    if (timeline.view.value.live)
      timeline.move((view) => ({ ...view, live: false }), Math.max(session.viewTime(), timeline.model.end))
  }
  let wasLive = timeline.view.value.live
  effect(() => {
    const { live } = timeline.view.value
    if (live === wasLive) return
    wasLive = live
    if (live) scroll.follow()
    else scroll.leave()
    untracked(() => session.touch())
  })
}

/** List and timeline follow a recording when it starts to play. When that ends, they show the whole recording. */
function followReplay({ session, timeline, scroll, recording }: Parts): void {
  let was: boolean | undefined
  effect(() => {
    const isPlaying = recording.replay?.playing
    if (isPlaying === was) return
    const before = was
    was = isPlaying
    untracked(() => {
      if (isPlaying === undefined) timeline.fit()
      else if (isPlaying && timeline.fits.value) timeline.move(() => goLive(FIRST_VIEW, 0), session.now())
      if (before === undefined) scroll.follow()
      session.touch()
    })
  })
}

/** A part of a filter that shows one connection. */
const ONE_CONNECTION = /(?<!\S)conn:(\d+)(?!\S)/g

/**
 * Shows a connection that the user has just opened: the view is live again, and neither the scope nor the filter shows
 * only another connection or an earlier time.
 */
function showNew(parts: Parts): void {
  const { session, filter, timeline } = parts
  let newest: number | undefined
  effect(() => {
    const status = session.status.value
    if (status === undefined || status.file !== undefined) return
    const before = newest
    const latest = largest(
      status.connections.map(({ id }) => id),
      0,
    )
    newest = latest
    if (before === undefined || latest <= before) return
    untracked(() => {
      const { scope } = session
      if (scope.value.connection !== undefined && scope.value.connection <= before)
        session.setScope({ ...scope.value, connection: undefined })
      timeline.range.value = undefined
      const others = filter.text.value.replaceAll(ONE_CONNECTION, (part, id) =>
        Number(id) <= before ? '' : part,
      )
      if (others !== filter.text.value) filter.apply(others.trim())
      parts.goLive()
    })
  })
}

/** Reads the answers of language models while the page is visible. Leaves their view if there are none any more. */
function followAnswers({ session, answers, clock, view }: Parts): void {
  effect(() => {
    void session.frame.value
    const isOpen = view.value === 'answers'
    if (!clock.isVisible.value || session.pausedAt.value !== undefined) return
    untracked(() => answers.follow(session.columns.end, isOpen))
  })
  effect(() => {
    if (answers.count.value === 0 && view.peek() === 'answers') view.value = 'events'
  })
}

/** Reads the techniques while their view is open. */
function followTechniques({ session, techniques, clock, view }: Parts): void {
  effect(() => {
    void session.frame.value
    const isOpen = view.value === 'techniques'
    if (!clock.isVisible.value || session.pausedAt.value !== undefined) return
    untracked(() => techniques.follow(session.columns.end, isOpen))
  })
}

/** Reads the findings while the page is visible. */
function followFindings({ session, findings, timeline, clock, view }: Parts): void {
  effect(() => {
    void session.frame.value
    const version = session.status.value?.findings?.version
    const isOpen = view.value === 'findings'
    if (!clock.isVisible.value || session.pausedAt.value !== undefined) return
    untracked(() => findings.follow(version, session.columns.end, isOpen))
  })
  effect(() => {
    void findings.marks.value
    void findings.chosen.value
    untracked(() => timeline.touch())
  })
}
