/** Films a page still by still. How long a still is shown does not depend on how long it took to make. */
import type { Locator, Page } from 'playwright-core'
import type { Still } from './gif.ts'

/** Milliseconds that a still is shown while the pointer moves or keys are typed. */
const QUICK = 70
/** Stills of one move of the pointer. */
const MOVES = 3
/** Characters that are typed between two stills. */
const TYPED = 3

const CAPTION_HEIGHT = 36
/** An arrow, 16 pixels wide, whose tip is at the origin. */
const ARROW = 'M0 0 L0 17 L4 13.2 L6.6 19.4 L9.4 18.2 L6.8 12.2 L12.4 12 Z'
const SVG = 'http://www.w3.org/2000/svg'

export class Camera {
  readonly stills: Still[] = []
  readonly #page: Page
  /** The page on which captions are painted. */
  readonly #captions: Page
  #caption: Uint8Array = new Uint8Array()
  #at = { x: 0, y: 0 }

  private constructor(page: Page, captions: Page) {
    this.#page = page
    this.#captions = captions
  }

  static async of(page: Page): Promise<Camera> {
    const { width = 0, height = 0 } = page.viewportSize() ?? {}
    const captions = await page
      .context()
      .browser()
      ?.newPage({ viewport: { width, height: CAPTION_HEIGHT } })
    if (captions === undefined) throw new Error('The page to film has no browser.')
    const camera = new Camera(page, captions)
    await camera.#drawPointer()
    await camera.#move(width / 2, height / 2)
    return camera
  }

  /** Changes the caption of the stills that follow. */
  async say(number: number, text: string): Promise<void> {
    await this.#captions.setContent(
      `<body style="margin:0;height:100vh;display:flex;align-items:center;gap:10px;padding:0 14px;box-sizing:border-box;background:#0e639c;color:#fff;font:600 17px system-ui,sans-serif">
        <span style="background:#fff;color:#0e639c;border-radius:11px;min-width:22px;line-height:22px;text-align:center;font-size:14px">${number}</span>${text}`,
    )
    this.#caption = await this.#captions.screenshot()
  }

  /** Takes a still that is shown for so many milliseconds. */
  async still(hold: number): Promise<void> {
    const picture = await this.#page.screenshot({ caret: 'initial' })
    this.stills.push({ parts: [this.#caption, picture], hold })
  }

  /** Takes stills of what changes by itself, each shown for a moment. */
  async watch(stills: number, hold: number): Promise<void> {
    for (let i = 0; i < stills; i++) await this.still(hold)
  }

  /** Moves the pointer onto a target. */
  async point(target: Locator): Promise<void> {
    const from = this.#at
    const to = await middleOf(target)
    for (let i = 1; i <= MOVES; i++) {
      const share = i / MOVES
      await this.#move(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share)
      await this.still(QUICK)
    }
  }

  async click(target: Locator): Promise<void> {
    await this.point(target)
    // It may have moved meanwhile.
    const { x, y } = await middleOf(target)
    await this.#move(x, y)
    await this.#page.mouse.down()
    await this.#page.mouse.up()
  }

  /** Types into what has the focus. */
  async type(text: string): Promise<void> {
    for (let at = 0; at < text.length; at += TYPED) {
      await this.#page.keyboard.type(text.slice(at, at + TYPED))
      await this.still(QUICK)
    }
  }

  async #move(x: number, y: number): Promise<void> {
    this.#at = { x, y }
    await this.#page.mouse.move(x, y)
    await this.#page.locator('#film-pointer').evaluate(
      (element, [left, top]) => {
        const { style } = element as unknown as { style: Record<'left' | 'top', string> }
        style.left = `${left}px`
        style.top = `${top}px`
      },
      [x, y],
    )
  }

  /** A screenshot does not show the pointer. */
  async #drawPointer(): Promise<void> {
    await this.#page.evaluate(
      ([svg, arrow]) => {
        const { document } = globalThis as unknown as { document: Document }
        interface Element {
          setAttribute(name: string, value: string): void
          append(child: Element): void
        }
        interface Document {
          body: Element
          createElementNS(namespace: string, name: string): Element
        }
        const pointer = document.createElementNS(svg, 'svg')
        pointer.setAttribute('id', 'film-pointer')
        pointer.setAttribute('width', '16')
        pointer.setAttribute('height', '22')
        pointer.setAttribute('style', 'position:fixed;z-index:1000000;pointer-events:none;overflow:visible')
        const path = document.createElementNS(svg, 'path')
        path.setAttribute('d', arrow)
        path.setAttribute('style', 'fill:#fff;stroke:#000;stroke-width:1.3')
        pointer.append(path)
        document.body.append(pointer)
      },
      [SVG, ARROW] as const,
    )
  }
}

async function middleOf(target: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await target.boundingBox()
  if (box === null) throw new Error(`${target} is not in view.`)
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}
