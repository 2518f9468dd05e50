/** When messages have passed over a connection of limited speed. */
export class Pace {
  /** When the last one has passed, in milliseconds. */
  #free = 0

  /** When `size` bytes that are `ready` at a time have passed behind those before them. `rate` is in bytes
   * a second, or infinite. */
  next(ready: number, size: number, rate: number): number {
    this.#free = Math.max(this.#free, ready) + (size / rate) * 1000
    return this.#free
  }
}
