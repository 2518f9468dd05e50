/** Measures time, processor, memory and event loop of work in this process and in its child processes. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { descendants, type Usage, usageOf } from './processes.ts'
import type { Measurement } from './types.ts'

const RESOLUTION = 2
/** Milliseconds between two samples of the memory of other processes. */
const SAMPLE = 100

export class Meter {
  readonly #others: boolean
  #delay: ReturnType<typeof monitorEventLoopDelay> | undefined
  #cpu = process.cpuUsage()
  #othersBefore: Usage = { cpuSeconds: 0, memory: 0 }
  #othersPeak = 0
  #timer: NodeJS.Timeout | undefined
  #started = 0

  /** `others`: includes child processes. */
  constructor(others = false) {
    this.#others = others
  }

  start(): void {
    this.#delay = monitorEventLoopDelay({ resolution: RESOLUTION })
    this.#delay.enable()
    if (this.#others) {
      this.#othersBefore = usageOf(descendants(process.pid))
      this.#timer = setInterval(() => this.#sample(), SAMPLE)
    }
    this.#cpu = process.cpuUsage()
    this.#started = performance.now()
  }

  stop(count: number, extra?: Measurement['extra']): Measurement {
    const seconds = (performance.now() - this.#started) / 1000
    const { user, system } = process.cpuUsage(this.#cpu)
    const others = this.#others ? this.#sample() : { cpuSeconds: 0, memory: 0 }
    clearInterval(this.#timer)
    this.#delay?.disable()
    return {
      count,
      seconds,
      cpuSeconds: (user + system) / 1e6 + others.cpuSeconds - this.#othersBefore.cpuSeconds,
      peakMemory: process.resourceUsage().maxRSS * 1024 + this.#othersPeak,
      stall: Math.max(0, (this.#delay?.max ?? 0) / 1e6 - RESOLUTION),
      ...(extra && { extra }),
    }
  }

  #sample(): Usage {
    const usage = usageOf(descendants(process.pid))
    this.#othersPeak = Math.max(this.#othersPeak, usage.memory)
    return usage
  }
}
