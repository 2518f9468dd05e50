/** The globals of Node.js that the worker's code uses, and browsers lack. esbuild puts them in their places. */
export { Buffer } from './buffer.ts'

/** Microseconds of the processor: in a worker, which does nothing else, those that have passed. */
function cpuUsage(since?: { readonly user: number }) {
  return { user: performance.now() * 1000 - (since?.user ?? 0), system: 0 }
}

export const process = {
  pid: 1,
  platform: 'browser',
  env: {},
  cpuUsage,
  nextTick: (call: (...given: unknown[]) => void, ...given: unknown[]) =>
    queueMicrotask(() => call(...given)),
}

/** A timer with the methods that Node.js gives it. Also a number, as browsers have it. */
class Timer {
  readonly #id: number

  constructor(id: number) {
    this.#id = id
  }

  [Symbol.toPrimitive](): number {
    return this.#id
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }
}

type Given = Parameters<typeof globalThis.setTimeout>

export const setTimeout = (...given: Given) => new Timer(Number(globalThis.setTimeout(...given)))
export const setInterval = (...given: Given) => new Timer(Number(globalThis.setInterval(...given)))

const waiting = new Map<number, () => void>()
const channel = new MessageChannel()
let latest = 0

channel.port1.onmessage = ({ data }: MessageEvent<number>) => {
  const call = waiting.get(data)
  waiting.delete(data)
  call?.()
}

/** Calls back after the messages that have arrived. */
export function setImmediate(call: () => void): number {
  waiting.set(++latest, call)
  channel.port2.postMessage(latest)
  return latest
}

export function clearImmediate(id: number | undefined): void {
  if (id !== undefined) waiting.delete(id)
}
