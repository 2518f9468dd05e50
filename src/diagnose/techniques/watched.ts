/** A connection, and what is known of its events. */
import type { ConnectionFigures } from './connection-figures.ts'
import type { FeedReader } from './feed-reader.ts'

export interface Watched {
  readonly figures: ConnectionFigures
  readonly reader: FeedReader
  /** Session times at which its latest events were sent, by the sender's clock. */
  sent: number[]
}

/** By their numbers. */
export type Connections = ReadonlyMap<number, Watched>
