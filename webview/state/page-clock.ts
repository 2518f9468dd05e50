/** The page's clock: ticks when a displayed time changes, and only while the page is visible. */
import { effect, signal } from '@preact/signals'

/** Milliseconds between ticks, for times in whole seconds and in tenths of a second. */
const SECOND = 1000
const TENTHS = 200

/** The time that the page displays. */
export interface Timed {
  /** Whether it runs. */
  readonly isMoving: boolean
  /** Whether the page shows a countdown in tenths of a second. */
  readonly isCountingDown: boolean
  now(): number
}

export class PageClock {
  readonly ticks = signal(0)
  /** Whether the page is visible: the editor knows of the panel, the browser of the window. */
  readonly isVisible = signal(true)
  readonly #timed: Timed
  #isPanelVisible = true
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(timed: Timed) {
    this.#timed = timed
  }

  /** Ticks from now on, as long as the page exists. */
  start(): void {
    document.addEventListener('visibilitychange', () => this.#update())
    this.#update()
    effect(() => {
      clearTimeout(this.#timer)
      if (this.isVisible.value) this.#tick()
    })
  }

  setPanelVisible(visible: boolean): void {
    this.#isPanelVisible = visible
    this.#update()
  }

  #update(): void {
    this.isVisible.value = this.#isPanelVisible && document.visibilityState === 'visible'
  }

  #tick(): void {
    const { isMoving, isCountingDown } = this.#timed
    if (isMoving) this.ticks.value = this.ticks.peek() + 1
    const toNext = SECOND - (this.#timed.now() % SECOND)
    this.#timer = setTimeout(() => this.#tick(), isCountingDown ? TENTHS : toNext)
  }
}
