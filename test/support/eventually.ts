/** Assertions about what follows from a press or a call a moment later. */
import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import { PATIENCE } from './patience.ts'

/** Milliseconds between two checks. Without a pause, they would take the CPU from what they wait for. */
const PAUSE = 10

/** Repeats a check until its assertions hold. Rejects with the last failure if they never do. */
export async function eventually(check: () => unknown): Promise<void> {
  const deadline = performance.now() + PATIENCE
  for (;;) {
    try {
      return void (await check())
    } catch (error) {
      if (!(error instanceof assert.AssertionError) || performance.now() > deadline) throw error
    }
    await setTimeout(PAUSE)
  }
}

/** Waits until a value that is read again and again equals the expected one. */
export function becomes<T>(read: () => T | Promise<T>, expected: T): Promise<void> {
  return eventually(async () => assert.deepEqual(await read(), expected))
}
