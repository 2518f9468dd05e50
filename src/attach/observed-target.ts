/** What the connections of a target need to be reported. */
import type { EndedBy } from '../shared/event.ts'
import type { SeenControl, SourceLocation, TrafficHost } from '../shared/traffic.ts'
import type { NetworkEvents } from './network-events.ts'

export type Initiator = NetworkEvents['Network.webSocketCreated']['initiator']

export interface ObservedTarget {
  readonly host: TrafficHost
  /** The number of the attachment. */
  readonly through: number
  /** Tells the program of the target from others. */
  readonly program: string
  readonly control: SeenControl
  /** Calls a method of the target. Rejects with a `Failure`. */
  call(method: string, params: object): Promise<unknown>
  /** The line of the program; undefined if it is not known. */
  locate(initiator: Initiator): Promise<SourceLocation | undefined> | undefined
}

/** Why what a target has open ended, or is no longer seen. */
export interface Departure {
  /** On the host's clock. */
  readonly time: number
  /** Absent if it goes on, or if that is not known. */
  readonly by?: EndedBy
  readonly reason: string
}
