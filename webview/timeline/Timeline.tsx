import { useEffect, useRef, useState } from 'preact/hooks'
import { formatSessionTime } from '../format/time.ts'
import { readRow } from '../list/row.ts'
import { type Panel, usePanel } from '../panel.ts'
import { onReplayKey } from '../recording/store.ts'
import { nearestEvent } from './density.ts'
import { draw } from './draw/draw.ts'
import type { Scene } from './draw/scene.ts'
import { readTheme, type Theme } from './draw/theme.ts'
import { Gestures, type Stage } from './gestures.ts'
import { hit, layOut } from './layout.ts'
import { summarize } from './summary.ts'
import { Tooltip } from './Tooltip.tsx'
import * as views from './view.ts'
import { laneNames, laneState } from './words.ts'

/** Pixels around the pointer in which an event is found. */
const REACH = 6

/** Waits and notes in view whose words are asked for. */
const MOST_WORDS = 60

interface Pointer {
  readonly x: number
  readonly y: number
}

/** Every connection on one time axis, with the whole session above. */
export function Timeline() {
  const panel = usePanel()
  const box = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [pointer, setPointer] = useState<Pointer>()
  const painter = usePainter(panel, box, canvas, pointer)
  void panel.clock.value
  void panel.timeline.range.value
  void panel.selection.current.value
  const stage = painter.stage()
  const gestures = useGestures(panel, () => painter.stage())
  const connections = panel.session.status.value?.connections ?? []
  const at = (event: MouseEvent): Pointer => {
    const rect = canvas.current?.getBoundingClientRect()
    return { x: event.clientX - (rect?.left ?? 0), y: event.clientY - (rect?.top ?? 0) }
  }
  return (
    <section
      ref={box}
      class="timeline"
      tabindex={0}
      aria-label="Timeline. Arrow keys pan and zoom, 0 shows the whole session, End follows now, R narrows the list to what is in view."
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return
        if (gestures.key(event.key) || (panel.isRecording && onReplayKey(panel.recording, event.key)))
          event.preventDefault()
      }}
    >
      <canvas
        ref={canvas}
        role="img"
        aria-label={summarize(stage.view, connections, stage.now)}
        onWheel={(event) => gestures.wheel(event, at(event).x)}
        onPointerDown={(event) => {
          const { x, y } = at(event)
          if (gestures.press(event, x, y)) event.currentTarget.setPointerCapture(event.pointerId)
        }}
        onPointerMove={(event) => {
          const spot = at(event)
          setPointer(spot)
          gestures.drag(spot.x)
        }}
        onPointerUp={(event) => {
          const { x, y } = at(event)
          gestures.release(x, y)
        }}
        onPointerLeave={() => setPointer(undefined)}
        onDblClick={(event) => {
          const { y } = at(event)
          if (y < stage.layout.axisTop) panel.timeline.move((_, now) => views.showAll(now), stage.now)
        }}
      />
      {pointer !== undefined && <Hover panel={panel} stage={stage} pointer={pointer} />}
    </section>
  )
}

function Hover({ panel, stage, pointer }: { panel: Panel; stage: Stage; pointer: Pointer }) {
  const { session, notes, timeline } = panel
  void timeline.version.value
  const spot = hit(stage.layout, stage.view, stage.whole, pointer.x, pointer.y)
  if (spot?.area !== 'lane') return null
  const tolerance = ((stage.view.to - stage.view.from) / stage.layout.plotWidth) * REACH
  const event = nearestEvent(session.columns, spot.lane.connection, spot.time, tolerance)
  const row =
    event < 0
      ? undefined
      : readRow(session.columns, session.labels, session.status.value, event, notes.get(event))
  if (row !== undefined) notes.want([event])
  return (
    <Tooltip x={pointer.x} y={pointer.y} within={stage.layout.width}>
      <div class="dim">{row?.time ?? formatSessionTime(spot.time)}</div>
      {row !== undefined && (
        <div>
          {row.arrow} {row.type} <span class="dim">{row.size}</span>
        </div>
      )}
      {row !== undefined && <div class="clip mono">{notes.get(event)?.text}</div>}
    </Tooltip>
  )
}

function useGestures(panel: Panel, stage: () => Stage): Gestures {
  const latest = useRef(stage)
  latest.current = stage
  const gestures = useRef<Gestures>(undefined)
  const { isRecording } = panel
  gestures.current ??= new Gestures({
    store: panel.timeline,
    stage: () => latest.current(),
    pick: (connection, time) => {
      const { layout, view } = latest.current()
      const tolerance = ((view.to - view.from) / layout.plotWidth) * REACH
      const event = nearestEvent(panel.session.columns, connection, time, tolerance)
      if (event >= 0) panel.reveal(event)
    },
    seek: isRecording ? (time) => panel.recording.seek(time) : undefined,
    choose: (connection) => panel.toggleConnection(connection),
  })
  return gestures.current
}

/** Paints when something changed, and every frame while time moves in view. */
function usePainter(
  panel: Panel,
  box: { current: HTMLDivElement | null },
  canvas: { current: HTMLCanvasElement | null },
  pointer: Pointer | undefined,
) {
  const [width, setWidth] = useState(0)
  const theme = useTheme(canvas)
  const { session, timeline } = panel
  const connections = session.status.value?.connections ?? []
  const layout = layOut(width, connections)
  const stage = (): Stage => {
    const { replay } = panel.recording
    const runs = session.isMoving || replay !== undefined
    const now = Math.max(runs ? session.viewTime() : 0, timeline.model.end)
    const whole = Math.max(now, replay?.end ?? 0, 1000)
    return { layout, now, view: timeline.viewAt(now, whole), whole, playhead: replay && now }
  }
  const paint = useRef(() => {})
  paint.current = () => {
    const context = canvas.current?.getContext('2d')
    if (context === undefined || context === null || theme === undefined || width === 0) return
    const scene = sceneOf(panel, stage(), theme, pointer)
    panel.notes.want(eventsThatSpeak(scene))
    resize(context, layout.width, layout.height)
    draw(context, scene)
  }
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [box])
  useFrames(panel, paint)
  // What this component reads has changed: painted with the next frame, once, however often it changes before.
  useEffect(() => timeline.touch())
  return { stage }
}

/** Milliseconds between paintings where only the overview changes, or where the user wants little motion. */
const CALM = 200

function useFrames(panel: Panel, paint: { readonly current: () => void }): void {
  useEffect(() => {
    const reduced = matchMedia('(prefers-reduced-motion: reduce)')
    let handle = 0
    let version = -1
    let batches = -1
    let last = 0
    const frame = (time: number) => {
      handle = requestAnimationFrame(frame)
      const { timeline, session } = panel
      const isTouched = version !== timeline.version.value
      const isPlaying = panel.recording.replay?.playing === true
      const isInView = timeline.view.value.live || isPlaying
      const isMoving = batches !== timeline.batches || (isInView && session.isRunning)
      const isCalm = reduced.matches || !isInView
      if (!isTouched && (!isMoving || time - last < (isCalm ? CALM : 0))) return
      version = timeline.version.value
      batches = timeline.batches
      last = time
      paint.current()
    }
    handle = requestAnimationFrame(frame)
    return () => cancelAnimationFrame(handle)
  }, [panel, paint])
}

function useTheme(canvas: { current: HTMLCanvasElement | null }): Theme | undefined {
  const [theme, setTheme] = useState<Theme>()
  useEffect(() => {
    const read = () => canvas.current !== null && setTheme(readTheme(canvas.current))
    read()
    // VS Code changes the class and style of the body and the root when the theme changes.
    const observer = new MutationObserver(read)
    observer.observe(document.body, { attributes: true })
    observer.observe(document.documentElement, { attributes: true })
    return () => observer.disconnect()
  }, [canvas])
  return theme
}

/** Gives the canvas as many pixels as the screen has there, and scales it to CSS pixels. */
function resize(context: CanvasRenderingContext2D, width: number, height: number): void {
  const { canvas } = context
  const ratio = window.devicePixelRatio
  const size = [Math.round(width * ratio), Math.round(height * ratio)] as const
  if (canvas.width !== size[0] || canvas.height !== size[1]) {
    ;[canvas.width, canvas.height] = size
    canvas.style.width = `${width}px`
    canvas.style.height = `${height}px`
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
}

/** The events in view whose words are painted. */
function eventsThatSpeak({ layout, model, view, now }: Scene): number[] {
  const waits = layout.lanes.flatMap(({ connection }) => {
    const spans = model.lanes.get(connection)?.states.between(view.from, view.to, now) ?? []
    return spans.flatMap(({ event, gap, state }) =>
      state !== 'waiting' ? [] : gap === undefined ? [event] : [event, gap],
    )
  })
  const notes = model.notes.filter(({ time }) => time >= view.from && time <= view.to)
  return [...waits.slice(-MOST_WORDS), ...notes.slice(-MOST_WORDS).map(({ event }) => event)]
}

function sceneOf(panel: Panel, stage: Stage, theme: Theme, pointer: Pointer | undefined): Scene {
  const { session, timeline, notes, selection } = panel
  const status = session.status.value
  const connections = new Map(status?.connections.map((connection) => [connection.id, connection]))
  const names = laneNames(status?.connections ?? [])
  const selected = selection.index === undefined ? undefined : session.columns.at(selection.index)
  const spot = pointer && hit(stage.layout, stage.view, stage.whole, pointer.x, pointer.y)
  return {
    ...stage,
    playhead: stage.playhead,
    theme,
    model: timeline.model,
    columns: session.columns,
    densities: timeline.densities,
    range: timeline.range.value,
    cursor: spot?.area === 'lane' || spot?.area === 'axis' ? spot.time : undefined,
    selected: selected && {
      time: selected.segment.time[selected.offset] ?? 0,
      connection: selected.segment.connection[selected.offset] ?? 0,
    },
    says: (event) => notes.get(event)?.text,
    head: (id) => {
      const connection = connections.get(id)
      if (connection === undefined) return { title: `connection ${id}`, subtitle: '' }
      const hold = timeline.model.lanes.get(id)?.cycles.hold
      return { title: names.get(id) ?? '', subtitle: laneState(connection, stage.now, hold) }
    },
  }
}
