/** Effects that keep the parts of the page's state consistent. */
import { effect, untracked } from '@preact/signals'
import type { Selected } from '../../src/shared/protocol/filtering.ts'
import type { Host } from '../host/host.ts'
import type { HostWatch } from '../host/host-watch.ts'
import type { FilterStore } from './filter.ts'
import type { ListScroll } from './list-scroll.ts'
import type { RecordingStore } from './recording.ts'
import type { Selection } from './selection.ts'
import type { SessionStore } from './session.ts'
import type { StatisticsStore } from './statistics.ts'
import type { TimelineStore } from './timeline/timeline.ts'
import { FIRST_VIEW, goLive, reveal } from './timeline/view.ts'

export interface Parts {
  readonly session: SessionStore
  readonly timeline: TimelineStore
  readonly scroll: ListScroll
  readonly filter: FilterStore
  readonly statistics: StatisticsStore
  readonly selection: Selection
  readonly recording: RecordingStore
}

/** Starts the effects, which run as long as the page exists. */
export function bind(parts: Parts): void {
  const { session, timeline, filter, statistics } = parts
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
  showWhatIsSelected(parts)
  leaveTogether(parts)
  followReplay(parts)
}

/** If the host stops answering, freezes the page at its last message and rejects the calls under way. */
export function bindWatch({
  watch,
  session,
  host,
}: {
  readonly watch: HostWatch
  readonly session: SessionStore
  readonly host: Host
}): void {
  effect(() => {
    const since = watch.silentSince.value
    untracked(() => session.freeze(since))
    if (since !== undefined) host.giveUp()
  })
}

/** The part of the session that the list shows. Undefined for the whole session. */
export function shownPart(session: SessionStore, filter: FilterStore): Selected | undefined {
  const { connection, hidden, range } = session.scope.value
  const result = filter.result.value
  if (connection === undefined && hidden.size === 0 && range === undefined && result === undefined)
    return undefined
  const { end } = session.columns
  return {
    generation: result?.generation ?? null,
    range: range === undefined ? null : { from: Math.max(0, range.from), to: Math.max(0, range.to) },
    connection: connection ?? null,
    hidden: [...hidden].sort(),
    end: result === undefined ? end : Math.min(end, result.scanned),
  }
}

/** Moves the timeline's view to the event in the details. */
function showWhatIsSelected({ session, timeline, selection }: Parts): void {
  effect(() => {
    const index = selection.current.value?.index
    const at = index === undefined ? undefined : session.columns.at(index)
    if (at === undefined) return
    const time = at.segment.time[at.offset] ?? 0
    untracked(() => timeline.move((view, now) => reveal(view, time, now), session.viewTime()))
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
