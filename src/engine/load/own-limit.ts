/** Measures whether the program that makes a load keeps up with it. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { toMicroseconds } from '../../shared/numbers.ts'
import { preciseSpan } from '../../shared/text/quantities.ts'
import type { OwnLimit } from './load-report.ts'
import { Timings } from './timings.ts'

/** Milliseconds between samples of the event loop. */
const RESOLUTION = 10
const NANOSECONDS = 1e6
/** The figures are about this program from there on: milliseconds by which 1 % is late, and the share of time with work. */
const LATE = 50
const BUSY = 0.9

export class OwnLimitMeter {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION })
  readonly #late = new Timings()
  readonly #begun = performance.now()
  readonly #utilization = performance.eventLoopUtilization()
  readonly #processor = process.cpuUsage()

  constructor() {
    this.#delay.enable()
  }

  /** Something was done so many ms after its time. */
  late(ms: number): void {
    this.#late.add(ms)
  }

  /** Ends the measurement. Without a connection that opened, its figures say nothing about what it can do. */
  stop(hasOpened: boolean): OwnLimit {
    this.#delay.disable()
    const { user, system } = process.cpuUsage(this.#processor)
    const elapsed = performance.now() - this.#begun
    const { utilization } = performance.eventLoopUtilization(this.#utilization)
    const late = this.#late.report()
    return {
      eventLoopDelay: this.#delay.count === 0 ? null : this.#delayReport(),
      eventLoopUtilization: utilization,
      processors: (user + system) / 1000 / Math.max(elapsed, 1),
      memory: process.resourceUsage().maxRSS * 1024,
      late,
      bottleneck: hasOpened ? bottleneckOf(late?.p99 ?? 0, utilization) : null,
    }
  }

  /** A sample has the time between two of them, which is the resolution without any delay. */
  #delayReport() {
    const delayOf = (ns: number) => toMicroseconds(Math.max(0, ns / NANOSECONDS - RESOLUTION))
    const at = (percentile: number) => delayOf(this.#delay.percentile(percentile))
    return { p50: at(50), p95: at(95), p99: at(99), max: delayOf(this.#delay.max) }
  }
}

function bottleneckOf(late: number, utilization: number): string | null {
  const reasons = [
    ...(late >= LATE ? [`1 % of what it did was ${preciseSpan(late)} late or more`] : []),
    ...(utilization >= BUSY ? [`it was busy for ${Math.floor(utilization * 100)} % of the time`] : []),
  ]
  if (reasons.length === 0) return null
  return `This program or its machine was the bottleneck (${reasons.join(', and ')}), so the server may be faster than the figures say; use fewer connections, a longer --ramp or a lower --speed, or convert the recording to .artillery.yml and run it on several machines.`
}
