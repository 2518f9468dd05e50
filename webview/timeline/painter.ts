/** Keeps the timeline's canvas painted. */

import { effect, untracked } from '@preact/signals'
import * as l10n from '@vscode/l10n'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { steady } from '../../src/shared/steady-list.ts'
import { laneState } from '../format/connection.ts'
import { laneFigures, laneLines } from '../format/request-figures.ts'
import type { PageState } from '../state/page.ts'
import { ROLES, type Role, type Scene, type Theme } from './canvas/scene.ts'
import { draw } from './draw.ts'
import type { Stage } from './gestures.ts'
import { markedFindings } from './layout/finding-marks.ts'
import {
  hasSameLane,
  hit,
  type LaneConnection,
  type LaneStack,
  type Layout,
  layOutStack,
  type Room,
  STRIP_HEIGHT,
  stackLanes,
} from './layout/layout.ts'

/** Waits and notes in view whose texts are requested at most. */
const MOST_WORDS = 60

export interface Pointer {
  readonly x: number
  readonly y: number
  /** The same point in the coordinates of the page. */
  readonly clientX: number
  readonly clientY: number
}

/** Paints the timeline. `stage` returns the current layout and view; `stack` has all lanes. */
export function usePainter(
  page: PageState,
  canvas: { current: HTMLCanvasElement | null },
  { width, room }: { readonly width: number; readonly room: Room },
  pointer: Pointer | undefined,
): { readonly stage: () => Stage; readonly stack: LaneStack } {
  const theme = useTheme(canvas)
  const { session, timeline } = page
  const lanes = useRef<readonly LaneConnection[]>([])
  lanes.current = steady(lanes.current, session.status.value?.connections ?? [], hasSameLane)
  void page.looks.names.value
  const { exchanges } = page
  const strip = page.findings.hasMarks.value ? STRIP_HEIGHT : 0
  const [rows, folded] = [exchanges.rows.value, exchanges.folded.value]
  const latencies = page.latency.connections.value
  const stack = useMemo(
    () => stackLanes(width, lanes.current, room, { rows, folded, latencies }, strip),
    [width, lanes.current, room.most, room.grows, rows, folded, latencies, strip],
  )
  const layout = useMemo(() => layOutStack(stack, width, room), [stack, width, room])
  const stage = (): Stage => {
    const { replay } = page.recording
    const runs = session.isMoving || replay !== undefined
    const now = Math.max(runs ? session.viewTime() : 0, timeline.model.end)
    const { columns } = session
    const from = columns.timeOf(columns.first) ?? 0
    const whole = { from, to: Math.max(now, replay?.end ?? 0, from + 1000) }
    return { layout, now, view: timeline.viewAt(now, whole), whole, playhead: replay && now }
  }
  const paint = useRef(() => {})
  paint.current = () => {
    const context = canvas.current?.getContext('2d')
    if (context === undefined || context === null || theme === undefined || width === 0) return
    const scene = sceneOf(page, stage(), theme, pointer)
    page.notes.want(eventsThatSpeak(scene))
    resize(context, layout.width, layout.height)
    draw(context, scene)
  }
  useExchanges(page, layout, stage)
  useFrames(page, paint, () => layout.plotWidth)
  // The component has new data: paints once in the next frame, however often it changes before.
  useEffect(() => timeline.touch())
  return { stage, stack }
}

/** Asks for the requests, answers and delays of the lanes in view, when the view or the lanes change. */
function useExchanges(page: PageState, layout: Layout, stage: () => Stage): void {
  const lanes = layout.lanes.flatMap(({ shared, connection }) => (shared === undefined ? [connection] : []))
  const latest = useRef({ stage, lanes })
  latest.current = { stage, lanes }
  useEffect(() => {
    const { timeline, exchanges } = page
    const stop = effect(() => {
      void timeline.view.value
      // The view that shows the whole session grows with it.
      if (timeline.fits.value) void timeline.batches.value
      untracked(() => {
        exchanges.show(latest.current.stage().view, latest.current.lanes)
        page.latency.show(() => {
          const { view, layout } = latest.current.stage()
          return { view, connections: latest.current.lanes, width: layout.plotWidth }
        })
      })
    })
    return () => {
      stop()
      page.latency.hide()
    }
  }, [page, lanes.join()])
}

/** Milliseconds between paintings if only the overview changes, or if the user wants little motion. */
const CALM = 200
/** Milliseconds after the last event from which on the view moves with the page's clock, not smoothly. */
const SETTLED = 2000

/**
 * Paints what has changed with the next frame. The view moves smoothly while events come, a pixel at a time; once
 * nothing happens, it moves with the page's clock, and while the page is hidden, not at all.
 */
function useFrames(page: PageState, paint: { readonly current: () => void }, plotWidth: () => number): void {
  const latestWidth = useRef(plotWidth)
  latestWidth.current = plotWidth
  useEffect(() => {
    const reduced = matchMedia('(prefers-reduced-motion: reduce)')
    const { timeline, clock } = page
    let handle = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    const frame = () => {
      handle = 0
      paint.current()
      const pace = paceOf(page, latestWidth.current())
      if (pace !== undefined) requestIn(reduced.matches ? CALM : pace)
    }
    const request = () => {
      clearTimeout(timer)
      timer = undefined
      if (handle === 0 && clock.isVisible.peek()) handle = requestAnimationFrame(frame)
    }
    const requestIn = (ms: number) => {
      if (ms < 2 * FRAME) request()
      else timer ??= setTimeout(request, ms - FRAME)
    }
    const stops = [
      effect(() => {
        void timeline.version.value
        void clock.isVisible.value
        request()
      }),
      effect(() => {
        if (timeline.batches.value > 0)
          untracked(() => requestIn(isFollowing(page) && !reduced.matches ? 0 : CALM))
      }),
    ]
    return () => {
      for (const stop of stops) stop()
      clearTimeout(timer)
      cancelAnimationFrame(handle)
    }
  }, [page, paint])
}

/** Milliseconds of a frame on most screens. */
const FRAME = 16

function isFollowing({ timeline, recording }: PageState): boolean {
  return timeline.view.peek().live || recording.replay?.playing === true
}

/** Milliseconds until the view, which moves by itself, has moved by a pixel; undefined if it does not move smoothly. */
function paceOf(page: PageState, plotWidth: number): number | undefined {
  const { timeline, session, recording } = page
  if (!isFollowing(page) || !session.isRunning) return undefined
  const isPlaying = recording.replay?.playing === true
  if (!isPlaying && performance.now() - timeline.lastBatch > SETTLED) return undefined
  if (timeline.fits.peek()) return FRAME
  const { from, to } = timeline.view.peek()
  return (to - from) / (plotWidth * devicePixelRatio)
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

/** The events in view whose texts are painted. */
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

function sceneOf(page: PageState, stage: Stage, theme: Theme, pointer: Pointer | undefined): Scene {
  const { session, timeline, notes, selection, findings } = page
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
    findings: markedFindings(stage.layout, stage.view, findings.marks.value, findings.chosen.value, pointer),
    expectations: session.expectations.value,
    exchanges: (connection) => page.exchanges.of(connection),
    latency: (connection) => page.latency.of(connection),
    says: (event) => notes.get(event)?.text,
    head: (id) => {
      const connection = session.connection(id)
      const color = `c${page.looks.colorOf(id)}` as Role
      if (connection === undefined) return { title: l10n.t('connection {0}', id), lines: [], color }
      const hold = timeline.model.lanes.get(id)?.cycles.hold
      const said = laneState(connection, stage.now, hold)
      const protocol = connection.decoding?.decoder
      const known = page.exchanges.of(id)
      const figures = known === undefined ? [] : laneFigures(known, stage.now, protocol ?? '')
      const lines = laneLines(connection.state, said, figures)
      return { title: page.looks.nameOf(id), lines, color, protocol }
    },
  }
}

/** Reads the colors of the page from its CSS variables, so that the canvas follows every theme. */
function readTheme(element: Element): Theme {
  const style = getComputedStyle(element)
  const colors = Object.fromEntries(ROLES.map((role) => [role, style.getPropertyValue(`--${role}`).trim()]))
  const highContrast = document.body.className.includes('high-contrast')
  return {
    ...(colors as Record<Role, string>),
    // Borders are as strong as text in high contrast, which is too strong for guide lines.
    ...(highContrast ? { line: `color-mix(in srgb, ${colors.line} 40%, ${colors.bg})` } : {}),
    font: style.fontFamily,
    highContrast,
  }
}
