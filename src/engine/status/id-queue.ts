/** Numbers of connections in the order in which they were added, each at most once. */
import { Fifo } from '../../transport/fifo.ts'

/** Numbers for which there is room at first. */
const FEW = 64

export class IdQueue {
  /** By number: 1 if it is in the queue. A `Set` takes several times as long for each message, and leaves garbage. */
  #isIn = new Uint8Array(FEW)
  #order = new Fifo<number>()

  get size(): number {
    return this.#order.length
  }

  /** Adds a number, last, unless it is in the queue. */
  add(id: number): void {
    if (this.#isIn[id] === 1) return
    if (id >= this.#isIn.length) this.#grow(id)
    this.#isIn[id] = 1
    this.#order.push(id)
  }

  /** Takes the first number; undefined if there is none. */
  take(): number | undefined {
    const id = this.#order.shift()
    if (id !== undefined) this.#isIn[id] = 0
    return id
  }

  clear(): void {
    this.#isIn.fill(0)
    this.#order = new Fifo()
  }

  #grow(id: number): void {
    const larger = new Uint8Array(2 * id)
    larger.set(this.#isIn)
    this.#isIn = larger
  }
}
