/** A capture filled like a flood fills it: with one batch for each read of a socket. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Capture } from '../../src/capture/capture.ts'
import type { CaptureLimits } from '../../src/capture/limits.ts'
import { payload } from '../load/payloads.ts'

const CHUNK = 64 * 1024
const GAP = 2
/** Number of different payloads, after which they repeat. */
export const DISTINCT = 9000

export interface FilledCapture {
  readonly capture: Capture
  remove(): void
}

/** Captures `count` text messages of `size` bytes. */
export function fillCapture(count: number, size: number, limits: CaptureLimits = {}): FilledCapture {
  const folder = mkdtempSync(join(tmpdir(), 'realtime-bench-'))
  const directory = join(folder, 'capture')
  const capture = new Capture({ ...limits, directory, clock: { startedAt: new Date() } })
  const perChunk = Math.max(1, Math.floor(CHUNK / (size + GAP)))
  const zeros = new Uint8Array(perChunk)
  const starts = Uint32Array.from(zeros, (_, n) => n * (size + GAP) + GAP)
  const sizes = new Uint32Array(perChunk).fill(size)
  const wireSizes = new Uint32Array(perChunk).fill(size + GAP)
  const payloads = Array.from({ length: Math.min(count, DISTINCT) }, (_, n) => payload(n, size))
  const bytes = new Uint8Array(perChunk * (size + GAP))
  for (let done = 0; done < count; ) {
    const batch = Math.min(perChunk, count - done)
    for (let n = 0; n < batch; n++) bytes.set(payloads[(done + n) % DISTINCT] ?? bytes, starts[n])
    const time = done / 1000
    capture.appendBatch(1, {
      ...{ time, count: batch, bytes, starts, sizes, wireSizes },
      ...{ binary: zeros, frame: { compressed: false } },
    })
    done += batch
  }
  return {
    capture,
    remove: () => {
      capture.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
