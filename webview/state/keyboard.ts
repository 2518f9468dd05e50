/** The keyboard, off which the page keeps its hands while the editor asks for something. */

/** Milliseconds in which a press and the focus that it brings belong together. */
const TOGETHER = 500
/** How often the focus is handed back while one thing is asked; who wants it here all the same may have it. */
const MOST_RETURNS = 5

export interface KeyboardEvents {
  /** Nothing here takes keys now. */
  gaveUp(): void
  /** The focus came here while something is asked, and nobody went there. */
  gotFocus(): void
}

export class Keyboard {
  /** Whether keys that come here are meant for what is asked. */
  isGivenUp = false
  readonly #events: KeyboardEvents
  #left: HTMLElement | undefined
  #pressedAt = Number.NEGATIVE_INFINITY
  #returns = 0

  constructor(events: KeyboardEvents) {
    this.#events = events
    addEventListener('pointerdown', () => this.#press(), { capture: true })
    addEventListener('focus', () => this.#focus())
  }

  /** The editor asks for something, or no longer does. */
  ask(asking: boolean): void {
    this.isGivenUp = asking
    this.#returns = 0
    if (asking) {
      const { activeElement } = document
      if (activeElement instanceof HTMLElement && activeElement !== document.body) {
        this.#left = activeElement
        activeElement.blur()
      }
      this.#events.gaveUp()
    } else if (document.hasFocus()) this.#resume()
  }

  /** Goes on where it was. */
  #resume(): void {
    if (document.activeElement === document.body) this.#left?.focus()
    this.#left = undefined
  }

  #press(): void {
    this.#pressedAt = performance.now()
    this.isGivenUp = false
    this.#left = undefined
  }

  #focus(): void {
    if (!this.isGivenUp) {
      this.#resume()
      return
    }
    // A press comes before the focus that it brings, or right after it.
    setTimeout(() => {
      const isMeant = performance.now() - this.#pressedAt < TOGETHER
      if (isMeant || !this.isGivenUp || !document.hasFocus() || this.#returns >= MOST_RETURNS) return
      this.#returns++
      this.#events.gotFocus()
    })
  }
}

/** Moves the focus within the page; one that does not have it takes it from nobody. */
export function focusHere(to: HTMLElement | null | undefined): void {
  if (document.hasFocus()) to?.focus()
}

/** Ids of the elements that keys move the focus between. */
export const GRID_ID = 'events'
export const DETAIL_ID = 'event-detail'
