/**
 * Where the list stands, and how that maps to a scroll bar. Rows have one height, so the rows in view are
 * arithmetic whatever their number; a measuring virtualiser rebuilds its table on every new row (31 ms at
 * 1,000,000 rows with TanStack virtual-core 3.19). Browsers cap an element's height at about 33.5 million
 * pixels: past `MAX_HEIGHT` the scroll bar is scaled, while wheel and keys still move pixel by pixel.
 */

export const ROW_HEIGHT = 22
/** Pixels; beyond, one pixel of scroll bar stands for more than one of rows. */
export const MAX_HEIGHT = 15_000_000
/** Rows painted above and below those in view. */
const OVERSCAN = 4

export interface RowWindow {
  /** Ranks of the rows to paint: [from, to). */
  readonly from: number
  readonly to: number
  /** Pixels the painted rows are moved down by within the viewport; negative for rows partly above it. */
  readonly shift: number
}

export class ListScroll {
  /** Rank at the viewport's upper edge, with its fraction. */
  top = 0
  /** Whether the list stays at the newest row. */
  following = true
  /** Rank after the last row when following stopped, to say how many came since. */
  leftAt = 0
  /** Called when it stops following. */
  onLeave: () => void = () => {}
  #first = 0
  #end = 0
  #viewport = 0
  /** Where the scroll bar stands, and where a scaled one should. */
  #bar = 0
  #wanted = 0

  /** Viewport height in pixels, without the header. */
  resize(viewport: number): void {
    this.#viewport = viewport
    this.#settle()
  }

  /** The rows there are now. */
  update(first: number, end: number): void {
    this.#first = first
    this.#end = end
    this.#settle()
  }

  /** Rows that came since following stopped. */
  get unseen(): number {
    return this.following ? 0 : Math.max(0, this.#end - Math.max(this.leftAt, this.#first))
  }

  /** Whole rows in view. */
  get page(): number {
    return Math.max(1, Math.floor(this.#viewport / ROW_HEIGHT))
  }

  /** Height of what is scrolled, in pixels of the scroll bar. */
  get height(): number {
    return Math.min(MAX_HEIGHT, this.#rowsHeight)
  }

  /** Where the scroll bar should stand. */
  get position(): number {
    return this.#scaled ? this.#wanted : (this.top - this.#first) * ROW_HEIGHT
  }

  /** Whether the scroll bar has to be put there. */
  get isOff(): boolean {
    return Math.abs(this.position - this.#bar) >= 1
  }

  /** The rows to paint. */
  get window(): RowWindow {
    const start = Math.floor(this.top)
    const from = Math.max(this.#first, start - OVERSCAN)
    const rows = Math.ceil(this.#viewport / ROW_HEIGHT) + 1
    const to = Math.min(this.#end, start + rows + OVERSCAN)
    return { from, to, shift: (from - this.top) * ROW_HEIGHT }
  }

  /** The scroll bar now stands at `physical` of at most `limit`. Tells whether the view moved. */
  scrolled(physical: number, limit: number): boolean {
    const moved = physical - this.#bar
    if (Math.abs(moved) < 1) return false
    this.placed(physical)
    const atEnd = physical >= limit - 1
    // The browser clamps the bar when the list shrinks or the view grows: that is not the user leaving.
    if (this.following && atEnd) return false
    if (moved < 0) this.leave()
    if (!this.#scaled) this.top = this.#first + physical / ROW_HEIGHT
    else this.#moveScaled(physical, moved)
    this.#settle()
    if (moved > 0 && atEnd && this.top >= this.#maxTop - 0.05) this.follow()
    return true
  }

  /** The scroll bar has come to rest: brings a scaled bar back to the place its rows have. */
  rest(): void {
    this.#wanted = this.#physicalOf(this.top)
  }

  /** What the scroll bar was really set to. */
  placed(physical: number): void {
    this.#bar = physical
    this.#wanted = physical
  }

  follow(): void {
    this.following = true
    this.#settle()
  }

  /** Stops following. */
  leave(): void {
    if (!this.following) return
    this.following = false
    this.leftAt = this.#end
    this.onLeave()
  }

  /** Whether any of the row is in view. */
  isInView(rank: number): boolean {
    return rank > this.top - 1 && rank < this.top + this.#viewport / ROW_HEIGHT
  }

  /** Moves as little as brings the row into view. */
  reveal(rank: number): void {
    if (rank < this.top) this.top = rank
    else if (rank + 1 > this.top + this.#viewport / ROW_HEIGHT)
      this.top = rank + 1 - this.#viewport / ROW_HEIGHT
    this.#settle()
    this.rest()
  }

  /** Puts the row at the upper edge and counts what comes from now on: the rows are others than before. */
  restart(rank: number): void {
    this.top = rank
    this.leftAt = this.#end
    this.#settle()
    this.rest()
  }

  get #rowsHeight(): number {
    return (this.#end - this.#first) * ROW_HEIGHT
  }

  get #scaled(): boolean {
    return this.#rowsHeight > MAX_HEIGHT
  }

  get #maxTop(): number {
    return Math.max(this.#first, this.#end - this.#viewport / ROW_HEIGHT)
  }

  get #maxPhysical(): number {
    return Math.max(0, this.height - this.#viewport)
  }

  #physicalOf(top: number): number {
    const range = this.#maxTop - this.#first
    return range <= 0 ? 0 : ((top - this.#first) / range) * this.#maxPhysical
  }

  // A step of a few screens is the wheel or a key and moves as many pixels; a leap is the bar being dragged.
  #moveScaled(physical: number, moved: number): void {
    const step = Math.abs(moved) <= 3 * Math.max(this.#viewport, 200)
    const atEdge = physical <= 1 || physical >= this.#maxPhysical - 1
    if (step && !atEdge) this.top += moved / ROW_HEIGHT
    else this.top = this.#first + (physical / Math.max(1, this.#maxPhysical)) * (this.#maxTop - this.#first)
  }

  #settle(): void {
    if (this.following) {
      this.top = this.#maxTop
      this.#wanted = this.#maxPhysical
    }
    this.top = Math.min(Math.max(this.top, this.#first), this.#maxTop)
  }
}
