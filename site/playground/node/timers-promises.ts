/** Stands in for `node:timers/promises` in the worker. */
import { setImmediate as immediately } from './globals.ts'

export function setImmediate(): Promise<void> {
  return new Promise((resolve) => immediately(resolve))
}

export function setTimeout(delay: number): Promise<void> {
  return new Promise((resolve) => globalThis.setTimeout(resolve, delay))
}
