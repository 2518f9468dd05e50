/** Keeps the page from taking keys while the editor asks the user for input. */

/** Milliseconds between a press and the focus that it causes. */
const TOGETHER = 500
/** How often the focus is handed back during one request. After that the user keeps it here. */
const MOST_RETURNS = 5

export interface KeyboardEvents {
  /** Nothing in the page takes keys now. */
  gaveUp(): void
  /** The page got the focus during a request for input, although the user did not move it there. */
  gotFocus(): void
}

export class Keyboard {
  /** Whether keys that reach the page are meant for the editor's request. */
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

  /** Called when the editor starts or stops asking for input. */
  ask(asking: boolean): void {
    this.isGivenUp = asking
    this.#returns = 0
    if (asking) {
      const { activeElement } = document
      if (activeElement instanceof HTMLElement && activeElement !== document.body) {
        this.#left = activeElement
        activeElement.blur()
      }
      // Ignored if the box is yet to be shown: it then takes the focus itself.
      if (document.hasFocus()) this.#events.gotFocus()
      this.#events.gaveUp()
    } else if (document.hasFocus()) this.#resume()
  }

  /** Moves the focus back to where it was. */
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
    // A press comes before the focus that it causes, or right after it.
    setTimeout(() => {
      const isMeant = performance.now() - this.#pressedAt < TOGETHER
      if (isMeant || !this.isGivenUp || !document.hasFocus() || this.#returns >= MOST_RETURNS) return
      this.#returns++
      this.#events.gotFocus()
    })
  }
}

/** Moves the focus within the page. Does nothing if the page does not have the focus. */
export function focusHere(to: HTMLElement | null | undefined): void {
  if (document.hasFocus()) to?.focus()
}

/** Ids of the elements that keys move the focus between. */
export const GRID_ID = 'events'
export const FILTER_ID = 'filter'
export const DETAIL_ID = 'event-detail'
