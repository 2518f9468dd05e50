/** Logs what clients do as lines of JSON. If the reader is too slow, drops lines and logs how many. */
import type { ClientEvent } from '../../session/serve/serve-options.ts'
import type { LineStream } from '../line-stream.ts'

export class ClientLog {
  readonly #lines: LineStream
  #hasRoom = true
  #dropped = 0

  constructor(lines: LineStream) {
    this.#lines = lines
  }

  write(event: ClientEvent): void {
    if (this.#hasRoom) this.#print(event)
    else this.#dropped++
  }

  #print(line: ClientEvent | { readonly type: 'dropped'; readonly count: number }): void {
    this.#hasRoom = this.#lines.write(JSON.stringify(line))
    if (this.#hasRoom) return
    this.#lines.onWritable(() => {
      this.#hasRoom = true
      const count = this.#dropped
      this.#dropped = 0
      if (count > 0) this.#print({ type: 'dropped', count })
    })
  }
}
