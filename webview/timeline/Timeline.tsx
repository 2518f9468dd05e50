import { useEffect, useRef, useState } from 'preact/hooks'
import { type Panel, usePanel } from '../panel.ts'
import { onReplayKey } from '../recording/store.ts'
import { Gestures, type Stage } from './gestures.ts'
import { Hover } from './Hover.tsx'
import { hit, type Room, scrollTo } from './layout.ts'
import { type Pointer, usePainter } from './painter.ts'
import { eventOf, noteAt, pickAt } from './pick.ts'
import { useRoom } from './room.ts'
import { summarize } from './summary.ts'
import * as views from './view.ts'

/** Every connection on one time axis, with the whole session above. */
export function Timeline() {
  const panel = usePanel()
  const box = useRef<HTMLElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [pointer, setPointer] = useState<Pointer>()
  const { width, room, measure } = useRoom(box)
  const getStage = usePainter(panel, canvas, { width, room }, pointer)
  void panel.clock.ticks.value
  void panel.timeline.range.value
  void panel.selection.current.value
  const stage = getStage()
  const gestures = useGestures(panel, getStage)
  useLaneInView(panel, box, room)
  const connections = panel.session.status.value?.connections ?? []
  const at = ({ clientX, clientY }: MouseEvent): Pointer => {
    const rect = canvas.current?.getBoundingClientRect()
    return { x: clientX - (rect?.left ?? 0), y: clientY - (rect?.top ?? 0), clientX, clientY }
  }
  return (
    <section
      ref={box}
      class="timeline"
      tabindex={0}
      aria-label="Timeline. Arrow keys pan and zoom, 0 shows the whole session, End follows now, R narrows the list to what is in view."
      onScroll={measure}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return
        if (gestures.key(event.key) || (panel.isRecording && onReplayKey(panel.recording, event.key)))
          event.preventDefault()
      }}
    >
      <div class="timeline-stage" style={{ height: `${stage.layout.height}px` }}>
        <canvas
          ref={canvas}
          role="img"
          aria-label={summarize(stage.view, connections, stage.now)}
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
            if (y < stage.layout.axisTop) panel.timeline.move((_, now) => views.showAll(now), stage.now)
          }}
        />
      </div>
      <div role="none" style={{ height: `${stage.layout.whole - stage.layout.height}px` }} />
      {/* Not in the stage: a sticky box would stack it below what comes after the timeline. */}
      {pointer !== undefined && <Hover panel={panel} stage={stage} pointer={pointer} />}
    </section>
  )
}

function useGestures(panel: Panel, stage: () => Stage): Gestures {
  const latest = useRef(stage)
  latest.current = stage
  const gestures = useRef<Gestures>(undefined)
  const sight = () => ({
    ...latest.current(),
    model: panel.timeline.model,
    columns: panel.session.columns,
  })
  gestures.current ??= new Gestures({
    store: panel.timeline,
    stage: () => latest.current(),
    isNote: (x, y) => noteAt(sight(), x, y) !== undefined,
    pick: (x, y) => {
      const seen = sight()
      const spot = hit(seen.layout, seen.view, seen.whole, x, y)
      const event = spot?.area === 'lane' ? eventOf(pickAt(seen, spot.lane, x, y)) : noteAt(seen, x, y)?.event
      if (event !== undefined && panel.session.columns.at(event) !== undefined) panel.reveal(event)
    },
    seek: panel.isRecording ? (time) => panel.recording.seek(time) : undefined,
    choose: (connection) => panel.toggleConnection(connection),
  })
  return gestures.current
}

/** Scrolls to the lane of an event when it is selected. */
function useLaneInView(panel: Panel, box: { readonly current: HTMLElement | null }, room: Room): void {
  const { session, selection } = panel
  const index = selection.current.value?.index
  useEffect(() => {
    const at = index === undefined ? undefined : session.columns.at(index)
    const connections = session.status.value?.connections ?? []
    if (at === undefined || box.current === null) return
    box.current.scrollTop = scrollTo(at.segment.connection[at.offset] ?? 0, connections, room)
  }, [index])
}
