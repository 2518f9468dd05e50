/** What decides one expectation. */
import type { LiveCandidate } from '../../capture/filter/live-candidate.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import type { EventPlace, ExpectationStatus } from '../../shared/expectation.ts'

export type Verdict = Omit<ExpectationStatus, 'text'>

export const PENDING: Verdict = { state: 'pending' }

export interface Judge {
  readonly verdict: Verdict
  /** Whether it needs to know the packets of messages. */
  readonly looksAtPackets: boolean
  /** Whether it holds as soon as enough events come. */
  readonly needsEvent: boolean
  /** Whether it may say the names of messages that came instead. */
  readonly saysNames: boolean
  /** Milliseconds after the connection first opens; undefined if it has no deadline. */
  readonly within: number | undefined
  /** Takes an event of the connection. The candidate may be read only during the call. */
  take(candidate: LiveCandidate, event: RealtimeEvent): void
  /** Resolves once the events so far are decided. */
  settled(): Promise<void>
  /** Decides: the deadline has passed, or the connection has ended for good before it. */
  end(hasEnded: boolean): void
  /** Lets go of everything. */
  stop(): void
}

export interface JudgeHost {
  /** Session time in ms when the connection first opened, or when it began if it has not. */
  since(): number
  /** Names of the latest messages. */
  recent(): readonly string[]
  /** Where the latest message is. */
  latest(): EventPlace | undefined
  /** Where an event is that was taken. */
  placeOf(candidate: LiveCandidate): EventPlace
  /** Called when a verdict changes. */
  changed(): void
}
