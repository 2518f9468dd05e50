/** A rule that speaks for or against techniques. */
import type { FindingSource } from '../../shared/finding.ts'
import type { TransportName } from '../../shared/transports.ts'
import type { Facts } from './facts.ts'

export interface Reason {
  readonly technique: TransportName
  /** Above 0 for the technique, below 0 against it. */
  readonly points: number
  /** Follows the word "because". */
  readonly text: string
  /** The same in a word or two, for a summary. */
  readonly short?: string
  readonly source?: FindingSource
  /** Whether a figure of this session says so. */
  readonly isMeasured?: boolean
}

export interface FitRule {
  readonly name: string
  /** What it looks at, for the documentation. */
  readonly about: string
  judge(facts: Facts): readonly Reason[]
}
