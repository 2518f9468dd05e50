/** The timeline in a browser: its canvas, its accessible summary, and pointer and keys. */
import assert from 'node:assert/strict'
import type { PanelPage } from './driver.ts'

/** The globals of the page that scripts in it use. */
interface Document {
  querySelector(selector: string): HTMLCanvas | null
  readonly body: unknown
}
interface HTMLCanvas {
  readonly width: number
  readonly clientWidth: number
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray }
  }
}

export interface Tip {
  readonly style: { pointerEvents: string }
  getBoundingClientRect(): { readonly left: number; readonly top: number; readonly bottom: number }
  contains(other: unknown): boolean
}
export interface TipDocument {
  querySelector(selector: string): Tip | null
  elementFromPoint(x: number, y: number): unknown
}

export interface Scrolled {
  readonly scrollTop: number
  readonly scrollHeight: number
}
declare function getComputedStyle(node: unknown): {
  readonly cursor: string
  readonly backgroundColor: string
}

/** Left edge of the time axis in a wide page, and the middles of the lanes. */
export const LEFT = 150
export const LANES = { ticker: 77, events: 127, config: 172, log: 217, status: 262 }
export const LANES_TOP = 54

/** Looks at the timeline of a page, and uses it. */
export function timelineOf(panel: () => PanelPage) {
  const section = () => panel().page.getByRole('region', { name: /^Timeline/ })
  const canvas = () => panel().page.getByRole('img', { name: /^Timeline/ })
  const live = () => canvas().and(panel().page.locator('[aria-label*="following now"]'))
  const fixed = () => canvas().and(panel().page.locator(':not([aria-label*="following now"])'))

  const tip = () => panel().page.locator('.timeline-tip')

  /** Position of the timeline in the page. */
  async function origin(): Promise<{ x: number; y: number; width: number }> {
    return (await canvas().boundingBox()) ?? assert.fail('the timeline is shown')
  }

  /** Seconds in view, from the summary. */
  async function view(): Promise<{ from: number; to: number }> {
    const text = (await canvas().getAttribute('aria-label')) ?? ''
    const found = /from (\d+):(\d+(?:\.\d+)?) to (\d+):(\d+(?:\.\d+)?)/.exec(text) ?? assert.fail(text)
    const [, m1, s1, m2, s2] = found.map(Number)
    return { from: (m1 ?? 0) * 60 + (s1 ?? 0), to: (m2 ?? 0) * 60 + (s2 ?? 0) }
  }

  /** Seconds of the whole session until now, which go on while a test runs. Shows the whole session. */
  async function whole(): Promise<number> {
    await section().focus()
    await panel().page.keyboard.press('0')
    await panel().painted()
    return (await view()).to
  }

  /** How many pixels of a rectangle, in CSS pixels of the timeline, differ from its background. */
  const colored = (...area: [x: number, y: number, width: number, height: number]) => pixels(area, 0)

  /** How many pixels differ visibly: with a contrast of 3 to 1 (WCAG 2.2 section 1.4.11), which guide lines do not have. */
  const legible = (...area: [x: number, y: number, width: number, height: number]) => pixels(area, 3)

  function pixels(
    area: readonly [x: number, y: number, width: number, height: number],
    contrast: number,
  ): Promise<number> {
    return panel().page.evaluate(
      ([[left, top, w, h], least]) => {
        const { document } = globalThis as unknown as { document: Document }
        const element = document.querySelector('.timeline canvas')
        if (element === null) return 0
        const ratio = element.width / element.clientWidth
        const { data } = element
          .getContext('2d')
          .getImageData(left * ratio, top * ratio, w * ratio, h * ratio)
        const ground = (getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []).map(Number)
        const luminance = (rgb: readonly number[]) =>
          rgb
            .map((value) => value / 255)
            .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
            .reduce((sum, value, i) => sum + value * ([0.2126, 0.7152, 0.0722][i] ?? 0), 0)
        const dark = luminance(ground)
        let count = 0
        for (let i = 0; i < data.length; i += 4) {
          const alpha = (data[i + 3] ?? 0) / 255
          if (alpha < 60 / 255) continue
          const seen = ground.map((under, j) => (data[i + j] ?? 0) * alpha + under * (1 - alpha))
          const light = luminance(seen)
          if ((Math.max(light, dark) + 0.05) / (Math.min(light, dark) + 0.05) >= least) count++
        }
        return count
      },
      [area, contrast] as const,
    )
  }

  async function drag(x1: number, x2: number, y: number): Promise<void> {
    const { x, y: top } = await origin()
    const { mouse } = panel().page
    await mouse.move(x + x1, top + y)
    await mouse.down()
    await mouse.move(x + x2, top + y, { steps: 5 })
    await mouse.up()
    await panel().painted()
  }

  /** Stops following, at the last ten seconds of the story. */
  async function stand(): Promise<void> {
    await section().focus()
    await panel().page.keyboard.press('ArrowLeft')
    await fixed().waitFor()
    await panel().painted()
  }

  return { section, canvas, tip, live, fixed, origin, view, whole, colored, legible, drag, stand }
}
