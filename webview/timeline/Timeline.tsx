import * as l10n from '@vscode/l10n'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { deliveryTexts } from '../format/latency.ts'
import { laneFigures } from '../format/request-figures.ts'
import { openNext } from '../state/finding-actions.ts'
import { type PageState, usePage } from '../state/page.ts'
import { onReplayKey } from '../state/recording.ts'
import * as views from '../state/timeline/view.ts'
import { openConnectionMenu } from '../strip/connection-menu.ts'
import { describeTimeline } from './description.ts'
import { Gestures, type Stage } from './gestures.ts'
import { Hover } from './Hover.tsx'
import { LaneActions } from './LaneActions.tsx'
import { findingMarkAt, placeMarks } from './layout/finding-marks.ts'
import { eventOf, noteAt, pickAt } from './layout/hit-test.ts'
import { hit, type LaneStack, type Room, scrollTo } from './layout/layout.ts'
import { type Pointer, usePainter } from './painter.ts'
import { openTimelineMenu } from './timeline-menu.ts'
import { useRoom } from './use-room.ts'

/** Every connection on one time axis, with the overview of the session above. */
export function Timeline() {
  const page = usePage()
  const box = useRef<HTMLElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [pointer, setPointer] = useState<Pointer>()
  const { width, room, measure } = useRoom(box)
  const { stage: getStage, stack } = usePainter(page, canvas, { width, room }, pointer)
  void page.clock.ticks.value
  void page.timeline.range.value
  void page.selection.current.value
  // The sentence for screen readers has figures of both, which may arrive after all else.
  void page.exchanges.version.value
  void page.latency.version.value
  const stage = getStage()
  const gestures = useGestures(page, getStage)
  const { folded, timeline: height } = page.layout.current.value
  // The most that the lanes may take changes before the size of the box does.
  useEffect(measure, [folded, height])
  useLaneInView(page, box, room, stack)
  const connections = page.session.status.value?.connections ?? []
  const figuresOf = ({ id, decoding }: ConnectionStatus) => {
    const known = page.exchanges.of(id)
    const delivery = page.latency.of(id)
    const texts = [
      ...(known === undefined ? [] : laneFigures(known, stage.now, decoding?.decoder ?? '').slice(0, 1)),
      ...(delivery === undefined ? [] : deliveryTexts(delivery).slice(0, 1)),
    ]
    return texts.length === 0 ? undefined : texts.join(', ')
  }
  const found = page.findings.hasMarks.value ? page.session.status.value?.findings?.counts : undefined
  const at = ({ clientX, clientY }: MouseEvent): Pointer => {
    const rect = canvas.current?.getBoundingClientRect()
    return { x: clientX - (rect?.left ?? 0), y: clientY - (rect?.top ?? 0), clientX, clientY }
  }
  return (
    <section
      ref={box}
      class="timeline"
      tabindex={0}
      aria-label={l10n.t(
        'Timeline. Arrow keys pan and zoom, 0 shows the whole session, End follows now, R narrows the list to what is in view.',
      )}
      onScroll={measure}
      onContextMenu={(event) => {
        const { x, y } = at(event)
        const spot = hit(stage.layout, stage.view, stage.whole, x, y)
        const isLane = spot?.area === 'name' || spot?.area === 'lane'
        if (isLane && spot.lane.shared === undefined) openConnectionMenu(page, spot.lane.connection, event)
        else
          openTimelineMenu(page, stage, spot !== undefined && 'time' in spot ? spot.time : stage.now, event)
      }}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return
        if (gestures.key(event.key) || (page.isRecording && onReplayKey(page.recording, event.key)))
          event.preventDefault()
      }}
    >
      <div class="timeline-stage" style={{ height: `${stage.layout.height}px` }}>
        <canvas
          ref={canvas}
          role="img"
          aria-label={describeTimeline(stage.view, connections, stage.now, figuresOf, found)}
          style={pointer && { cursor: gestures.cursor(pointer.x, pointer.y) }}
          onWheel={(event) => gestures.wheel(event, at(event).x)}
          onPointerDown={(event) => {
            const { x, y } = at(event)
            if (gestures.press(event, x, y)) event.currentTarget.setPointerCapture(event.pointerId)
          }}
          onPointerMove={(event) => {
            const spot = at(event)
            setPointer(spot)
            gestures.drag(event, spot.x)
          }}
          onPointerUp={(event) => {
            const { x, y } = at(event)
            gestures.release(event, x, y)
          }}
          onPointerCancel={() => gestures.cancel()}
          onPointerLeave={() => setPointer(undefined)}
          onDblClick={(event) => {
            const { y } = at(event)
            if (y < stage.layout.axisTop)
              page.timeline.move(() => views.showAll(stage.whole.to, stage.whole.from), stage.now)
          }}
        />
        <LaneActions layout={stage.layout} />
      </div>
      <div role="none" style={{ height: `${stage.layout.whole - stage.layout.height}px` }} />
      {/* Not in the stage: a sticky box would stack it below what comes after the timeline. */}
      {pointer !== undefined && <Hover page={page} stage={stage} pointer={pointer} />}
    </section>
  )
}

function useGestures(page: PageState, stage: () => Stage): Gestures {
  const latest = useRef(stage)
  latest.current = stage
  const gestures = useRef<Gestures>(undefined)
  const sight = () => ({
    ...latest.current(),
    model: page.timeline.model,
    columns: page.session.columns,
    exchanges: (connection: number) => page.exchanges.of(connection),
    latency: (connection: number) => page.latency.of(connection),
  })
  const findingAt = (x: number, y: number) => {
    const { layout, view } = latest.current()
    return findingMarkAt(layout, placeMarks(layout, view, page.findings.marks.value), x, y)
  }
  gestures.current ??= new Gestures({
    store: page.timeline,
    stage: () => latest.current(),
    isMark: (x, y) => (findingAt(x, y) ?? noteAt(sight(), x, y)) !== undefined,
    pick: (x, y) => {
      const seen = sight()
      const spot = hit(seen.layout, seen.view, seen.whole, x, y)
      if (spot?.area === 'findings') {
        openNext(page, findingAt(x, y)?.findings ?? [])
        return
      }
      const event = spot?.area === 'lane' ? eventOf(pickAt(seen, spot.lane, x, y)) : noteAt(seen, x, y)?.event
      if (event !== undefined && page.session.columns.at(event) !== undefined) page.reveal(event)
    },
    seek: page.isRecording ? (time) => page.recording.seek(time) : undefined,
    choose: (connection) => page.toggleConnection(connection),
    fold: (connection) => page.exchanges.toggle(connection),
  })
  return gestures.current
}

/** Scrolls to the lane of an event that is selected. */
function useLaneInView(
  page: PageState,
  box: { readonly current: HTMLElement | null },
  room: Room,
  stack: LaneStack,
): void {
  const { session, selection } = page
  const index = selection.current.value?.index
  useEffect(() => {
    const at = index === undefined ? undefined : session.columns.at(index)
    if (at === undefined || box.current === null) return
    box.current.scrollTop = scrollTo(at.segment.connection[at.offset] ?? 0, stack, room)
  }, [index])
}
