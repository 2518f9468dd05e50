/** The panel's timeline as a user sees it: its position, its description, wheel and drags. */
import assert from 'node:assert/strict'
import type { Locator } from 'playwright-core'
import { PATIENCE } from '../support/patience.ts'
import type { Workbench } from './workbench.ts'

/** Of the session, in seconds. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** The part of the canvas that is read. */
interface Canvas {
  readonly width: number
  readonly clientWidth: number
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, w: number, h: number): { readonly data: Uint8ClampedArray }
  }
}

/** The names of the lanes are left of the time axis. */
const AXIS_LEFT = 160
/** In the overview, and in the first lane. */
const OVERVIEW_Y = 18
const LANE_Y = 77
/** How far the strip of findings, if there are any, moves the lanes down. */
const STRIP_HEIGHT = 22

export class TimelineHand {
  readonly section: Locator
  readonly canvas: Locator
  readonly #workbench: Workbench

  constructor(workbench: Workbench) {
    this.#workbench = workbench
    this.section = workbench.panel.getByRole('region', { name: /^Timeline/ })
    this.canvas = this.section.locator('canvas')
  }

  /** The span in view, from its own description. */
  async stretch(): Promise<Stretch> {
    return stretchIn((await this.canvas.getAttribute('aria-label')) ?? '')
  }

  /** Waits until the span in view passes a test, and returns it. */
  async shows(isWanted: (stretch: Stretch) => boolean): Promise<Stretch> {
    const deadline = performance.now() + PATIENCE
    for (;;) {
      const stretch = await this.stretch()
      if (isWanted(stretch)) return stretch
      if (performance.now() > deadline) assert.fail(`The timeline shows ${JSON.stringify(stretch)}.`)
    }
  }

  /** Turns the wheel over the middle of the first lane; up zooms in. */
  async wheel(delta: number): Promise<void> {
    await this.#move(await this.#x(0.5), LANE_Y)
    await this.#workbench.page.mouse.wheel(0, delta)
  }

  /** Drags over the overview, between shares of the session. */
  async brush(from: number, to: number): Promise<void> {
    await this.#drag(from, to, OVERVIEW_Y)
  }

  /** Drags over the first lane, between shares of what is in view. */
  async range(from: number, to: number): Promise<void> {
    await this.#drag(from, to, LANE_Y)
  }

  /** Clicks the first tick of the first lane that is painted at or right of a share of the view. */
  async clickTick(share: number): Promise<void> {
    const left = Math.round(await this.#x(share))
    for (const y of [LANE_Y, LANE_Y + STRIP_HEIGHT]) {
      const x = await this.#tickAt(left, y)
      if (x === undefined) continue
      await this.#move(x, y)
      await this.#workbench.page.mouse.down()
      await this.#workbench.page.mouse.up()
      return
    }
    assert.fail('The lane has a tick.')
  }

  /** The first tick from `left` on, at the height of a lane. */
  async #tickAt(left: number, lane: number): Promise<number | undefined> {
    return await this.canvas.evaluate(
      (element, [from, y]) => {
        const canvas = element as unknown as Canvas
        const ratio = canvas.width / canvas.clientWidth
        for (let x = from; x < canvas.clientWidth - 8; x++) {
          const { data } = canvas.getContext('2d').getImageData(x * ratio, (y - 4) * ratio, 2, 8)
          let painted = 0
          for (let i = 3; i < data.length; i += 4) if ((data[i] ?? 0) > 60) painted++
          if (painted > 8) return x + 1
        }
        return undefined
      },
      [left, lane] as const,
    )
  }

  async #drag(from: number, to: number, y: number): Promise<void> {
    const { mouse } = this.#workbench.page
    await this.#move(await this.#x(from), y)
    await mouse.down()
    await this.#move(await this.#x((from + to) / 2), y)
    await this.#move(await this.#x(to), y)
    await mouse.up()
  }

  async #move(x: number, y: number): Promise<void> {
    const box = await this.#box()
    await this.#workbench.page.mouse.move(box.x + x, box.y + y)
  }

  /** Position of a share of the time axis, from the canvas' left edge. */
  async #x(share: number): Promise<number> {
    const { width } = await this.#box()
    return AXIS_LEFT + (width - AXIS_LEFT - 12) * share
  }

  async #box() {
    return (await this.canvas.boundingBox()) ?? assert.fail('The timeline is shown.')
  }
}

function stretchIn(summary: string): Stretch {
  const found = /from (\d+):(\d+(?:\.\d+)?) to (\d+):(\d+(?:\.\d+)?)/.exec(summary) ?? assert.fail(summary)
  const [, fromMinutes = 0, fromSeconds = 0, toMinutes = 0, toSeconds = 0] = found.map(Number)
  return { from: fromMinutes * 60 + fromSeconds, to: toMinutes * 60 + toSeconds }
}
