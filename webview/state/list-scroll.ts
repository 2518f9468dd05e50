/**
 * The list's scroll position, and how it maps to a scroll bar. All rows have the same height, so the rows in view are
 * arithmetic however many there are. A virtualizer that measures rebuilds its table on every new row (31 ms at
 * 1,000,000 rows with TanStack virtual-core 3.19). Browsers cap an element's height at about 33.5 million
 * pixels. Above `MAX_HEIGHT` the scroll bar is scaled, while wheel and keys still move pixel by pixel.
 */

export const ROW_HEIGHT = 20
/** Pixels. In a higher list, one pixel of the scroll bar stands for more than one pixel of rows. */
export const MAX_HEIGHT = 15_000_000
/** Rows painted above and below those in view. */
const OVERSCAN = 4

export interface RowWindow {
  /** Ranks of the rows to paint: [from, to). */
  readonly from: number
  readonly to: number
  /** Pixels by which the painted rows are moved down in the viewport. Negative if the first row is partly above it. */
  readonly shift: number
}

export class ListScroll {
  /** Rank at the upper edge of the viewport, with a fraction. */
  top = 0
  /** Whether the list stays at the newest row. */
  following = true
  /** Rank after the last row when following stopped, to count the rows since then. */
  leftAt = 0
  /** Called when it stops following. */
  onLeave: () => void = () => {}
  #first = 0
  #end = 0
  #viewport = 0
  /** Position of the scroll bar, and the position that a scaled bar should have. */
  #bar = 0
  #wanted = 0

  /** Viewport height in pixels, without the header. */
  resize(viewport: number): void {
    this.#viewport = viewport
    this.#settle()
  }

  /** Sets the ranks of the rows: [first, end). */
  update(first: number, end: number): void {
    this.#first = first
    this.#end = end
    this.#settle()
  }

  /** Rows that arrived since following stopped. */
  get unseen(): number {
    return this.following ? 0 : Math.max(0, this.#end - Math.max(this.leftAt, this.#first))
  }

  /** Whole rows in view. */
  get page(): number {
    return Math.max(1, Math.floor(this.#viewport / ROW_HEIGHT))
  }

  /** Height of the scrolled content, in pixels of the scroll bar. */
  get height(): number {
    return Math.min(MAX_HEIGHT, this.#rowsHeight)
  }

  /** Where the scroll bar should stand. */
  get position(): number {
    return this.#scaled ? this.#wanted : (this.top - this.#first) * ROW_HEIGHT
  }

  /** Whether the scroll bar has to be moved to `position`. */
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

  /** Called when the scroll bar is at `physical`, at most `limit`. Returns whether the view moved. */
  scrolled(physical: number, limit: number): boolean {
    const moved = physical - this.#bar
    if (Math.abs(moved) < 1) return false
    this.placed(physical)
    const atEnd = physical >= limit - 1
    // The browser clamps the bar if the list shrinks or the view grows: the user did not scroll.
    if (this.following && atEnd) return false
    if (moved < 0) this.leave()
    if (!this.#scaled) this.top = this.#first + physical / ROW_HEIGHT
    else this.#moveScaled(physical, moved)
    this.#settle()
    if (moved > 0 && atEnd && this.top >= this.#maxTop - 0.05) this.follow()
    return true
  }

  /** Called when scrolling ends: moves a scaled bar back to the position of its rows. */
  rest(): void {
    this.#wanted = this.#physicalOf(this.top)
  }

  /** Called after the scroll bar was set: the browser may have clamped it. */
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

  /** Scrolls as little as possible to bring the row into view. */
  reveal(rank: number): void {
    if (rank < this.top) this.top = rank
    else if (rank + 1 > this.top + this.#viewport / ROW_HEIGHT)
      this.top = rank + 1 - this.#viewport / ROW_HEIGHT
    this.#settle()
    this.rest()
  }

  /** Called if other rows are listed: puts the row at the upper edge, and counts new rows from now on. */
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

  // A movement of up to a few screens comes from wheel or keys and moves as many pixels. A longer one is a dragged bar.
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
