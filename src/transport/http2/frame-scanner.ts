/** Reports the frames that a client sends over HTTP/2, in any split. */
import { type Frame, FrameHead } from './frame-head.ts'

/** Length of `PRI * HTTP/2.0…`, with which a client begins (RFC 9113 section 3.4). */
const PREFACE = 24

export class FrameScanner {
  readonly #report: (frame: Frame) => void
  readonly #head = new FrameHead()
  /** Bytes to skip before the next header: the preface, or the rest of a payload. */
  #skip = PREFACE

  /** `report` is called with a frame once its header was pushed. */
  constructor(report: (frame: Frame) => void) {
    this.#report = report
  }

  /** Whether the latest frame is complete. */
  get isBetweenFrames(): boolean {
    return this.#skip === 0 && this.#head.bytes.length === 0
  }

  push(bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.length) {
      const skipped = Math.min(this.#skip, bytes.length - at)
      this.#skip -= skipped
      at = this.#head.push(bytes, at + skipped)
      const frame = this.#skip === 0 ? this.#head.take() : undefined
      if (frame === undefined) continue
      this.#skip = frame.length - frame.read
      this.#report(frame)
    }
  }
}
