/** Passes a response on as its bytes arrive, or later if faults hold or slow them. The bytes stay as they are. */
import type { ConnectionFaults } from '../faults/connection-faults.ts'
import type { MessageGate } from '../message-gate.ts'
import type { ResponseExit, ResponsePassage } from './response-passage.ts'

const NOTHING = new Uint8Array()

export class TimedPassage implements ResponsePassage {
  readonly #faults: ConnectionFaults
  readonly #exit: ResponseExit
  #gate: MessageGate | undefined
  /** What was done to the latest bytes. */
  #done: readonly string[] = []

  constructor(faults: ConnectionFaults, exit: ResponseExit) {
    this.#faults = faults
    this.#exit = exit
  }

  head(bytes: Uint8Array, time: number): void {
    this.raw(bytes, time)
  }

  raw(bytes: Uint8Array, time: number): void {
    this.#done = []
    if (this.#faults.holdsBytes) this.#gate ??= this.#newGate()
    if (this.#gate === undefined) this.#exit.write(bytes)
    else
      this.#gate.take({
        event: { type: 'message', time, direction: 'in', payload: NOTHING, opcode: 'binary' },
        bytes: Uint8Array.from(bytes),
      })
  }

  content(bytes: Uint8Array, wireSize: number | undefined, time: number): void {
    this.#exit.data({
      ...{ time, bytes },
      ...(wireSize !== undefined && { wireSize }),
      ...(this.#done.length > 0 && { faults: this.#done }),
    })
  }

  end(_trailers: unknown, time: number, over: (time: number) => void): void {
    if (this.#gate === undefined) over(time)
    else this.#gate.behind(() => over(time))
  }

  #newGate(): MessageGate {
    const { write, pause } = this.#exit
    return this.#faults.byteGate({
      write: ({ bytes }) => write(bytes),
      record: (_message, faults) => {
        this.#done = faults
      },
      pause: () => pause(true),
      resume: () => pause(false),
    })
  }
}
