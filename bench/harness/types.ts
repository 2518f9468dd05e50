/** What a benchmark is made of. */
import type { Generator } from './generator.ts'

/** One run of one contender. */
export interface Measurement {
  /** Messages, cycles, events or bytes, as the case counts. */
  readonly count: number
  readonly seconds: number
  /** User and system time of the contender's processes during the run. */
  readonly cpuSeconds: number
  /** Resident bytes at their highest. */
  readonly peakMemory: number
  /** Milliseconds the event loop was held at the longest; absent for programs that are not ours to look into. */
  readonly stall?: number
  /** Figures of a case's own. */
  readonly extra?: Readonly<Record<string, number>>
}

export interface RunContext {
  readonly generator: Generator
  /** Multiplies counts: 1 for a full run. */
  readonly scale: number
}

export interface Contender {
  readonly name: string
  run(context: RunContext): Promise<Measurement>
}

/** A ratio that is to hold: of rates (or of another figure), medians over the rounds. */
export interface Target {
  readonly of: string
  readonly against: string
  readonly floor: number
  readonly goal?: number
  /** What is compared; default messages per second. */
  readonly figure?: (measurement: Measurement) => number
  /** How the figure is called where it is not the rate. */
  readonly called?: string
  /** The figure is better when smaller, and compared with the bounds as it stands; `against` is not used. */
  readonly absolute?: 'at most'
}

/** Contenders that do the same work in turn. */
export interface Variant {
  readonly label: string
  readonly unit: string
  /** Bytes that a full run keeps; as many are taken from the machine before each contender. */
  readonly kept?: number
  readonly contenders: readonly Contender[]
  readonly targets: readonly Target[]
}

export interface Case {
  readonly name: string
  readonly title: string
  readonly variants: readonly Variant[]
}
