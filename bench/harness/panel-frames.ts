/** Measures the frames of the panel in Chromium. */
import type { PanelPage } from '../../test/webview/preview/driver.ts'

/** What is done to the timeline in each frame, back and forth. */
export interface Motion {
  /** The turn of a wheel over the canvas. */
  readonly wheel?: { readonly x: number; readonly y: number }
  /** Pixels by which the lanes are scrolled. */
  readonly scroll?: number
  /** Pixels by which the pointer moves. */
  readonly pointer?: number
}

export interface FrameFigures {
  readonly frames: number
  /** Milliseconds between frames. */
  readonly p50: number
  readonly p95: number
  readonly longest: number
  /** Milliseconds of work for each frame on the page's thread: scripts alone, and with layout and painting. */
  readonly scripts: number
  readonly work: number
}

/** The parts of the DOM that the script in the page uses. */
interface Frames {
  requestAnimationFrame(run: (time: number) => void): void
  readonly document: {
    querySelector(selector: string): { dispatchEvent(event: unknown): void; scrollTop: number } | null
  }
  WheelEvent: new (type: string, init: object) => unknown
  PointerEvent: new (type: string, init: object) => unknown
}

/** Turns back after so many frames. */
const TURN = 30

/** Measures all frames for some milliseconds. Time that other processes take does not count as work. */
export async function measureFrames(panel: PanelPage, ms: number, motion?: Motion): Promise<FrameFigures> {
  const session = await panel.page.context().newCDPSession(panel.page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const spent = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    const seconds = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0
    return { scripts: seconds('ScriptDuration') * 1000, work: seconds('TaskDuration') * 1000 }
  }
  const before = await spent()
  const times = await frameTimes(panel, ms, motion)
  const after = await spent()
  await session.detach()
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? time))
  gaps.sort((a, b) => a - b)
  const quantile = (share: number) => gaps[Math.min(gaps.length - 1, Math.floor(share * gaps.length))] ?? 0
  const round = (value: number) => Number(value.toFixed(1))
  return {
    frames: gaps.length,
    p50: round(quantile(0.5)),
    p95: round(quantile(0.95)),
    longest: round(quantile(1)),
    scripts: round((after.scripts - before.scripts) / gaps.length),
    work: round((after.work - before.work) / gaps.length),
  }
}

function frameTimes(panel: PanelPage, ms: number, motion: Motion = {}): Promise<number[]> {
  return panel.page.evaluate(
    ({ span, turn, wheel, scroll, pointer }) =>
      new Promise<number[]>((resolve) => {
        const { requestAnimationFrame, document, WheelEvent, PointerEvent } = globalThis as unknown as Frames
        const box = document.querySelector('.timeline')
        const canvas = document.querySelector('.timeline canvas')
        const times: number[] = []
        let moved = 0
        const next = (time: number) => {
          const sign = Math.floor(times.length / turn) % 2 === 0 ? 1 : -1
          times.push(time)
          const at = { clientX: 700, clientY: 200, cancelable: true, bubbles: true }
          if (wheel !== undefined)
            canvas?.dispatchEvent(
              new WheelEvent('wheel', { ...at, deltaX: sign * wheel.x, deltaY: sign * wheel.y }),
            )
          if (scroll !== undefined && box !== null) box.scrollTop += sign * scroll
          if (pointer !== undefined) {
            moved += sign * pointer
            const to = { ...at, clientX: 500 + moved, clientY: 160 + moved / 4 }
            canvas?.dispatchEvent(new PointerEvent('pointermove', to))
          }
          if (time - (times[0] ?? time) < span) requestAnimationFrame(next)
          else resolve(times)
        }
        requestAnimationFrame(next)
      }),
    { span: ms, turn: TURN, ...motion },
  )
}
