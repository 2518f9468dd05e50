/** The parts of a benchmark. */
import type { Generator } from './generator.ts'

/** One run of one contender. */
export interface Measurement {
  /** Messages, cycles, events or bytes, depending on the case. */
  readonly count: number
  readonly seconds: number
  /** User and system time of the contender's processes during the run. */
  readonly cpuSeconds: number
  /** Peak resident bytes. */
  readonly peakMemory: number
  /** Longest delay of the event loop in ms; undefined for programs of others. */
  readonly stall?: number
  /** Figures that only this case has. */
  readonly extra?: Readonly<Record<string, number>>
}

export interface RunContext {
  readonly generator: Generator
  /** Factor for counts: 1 for a full run. */
  readonly scale: number
}

export interface Contender {
  readonly name: string
  run(context: RunContext): Promise<Measurement>
}

/** A ratio of rates (or of other figures) to reach, as the median over the rounds. */
export interface Target {
  readonly of: string
  readonly against: string
  readonly floor: number
  readonly goal?: number
  /** What is compared; default messages per second. */
  readonly figure?: (measurement: Measurement) => number
  /** Name of the figure, if it is not the rate. */
  readonly called?: string
  /** The figure itself is compared with the bounds, and smaller is better; `against` is not used. */
  readonly absolute?: 'at most'
}

/** Contenders that do the same work, one after another. */
export interface Variant {
  readonly label: string
  readonly unit: string
  /** Bytes that a full run keeps. As many are taken from the machine before each contender. */
  readonly kept?: number
  readonly contenders: readonly Contender[]
  readonly targets: readonly Target[]
}

export interface Case {
  readonly name: string
  readonly title: string
  /** It takes long, or much disk: it runs only if `--case` names it. Default false. */
  readonly isOnlyIfNamed?: boolean
  readonly variants: readonly Variant[]
}
