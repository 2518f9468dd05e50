/** Where the traffic of a connection was seen. */

/** Who opened a connection, or through what it was seen. */
export const TRAFFIC_SOURCES = ['client', 'proxy', 'debugger'] as const
export type TrafficSource = (typeof TRAFFIC_SOURCES)[number]

/** The sources that see the connections of other programs. */
export type SeenSource = Exclude<TrafficSource, 'client'>

/** A place in a source file. */
export interface SourceLocation {
  /** A `file:` URL or another URL, or a path, as the debugger reports it. */
  readonly file: string
  /** Both count from 1. */
  readonly line: number
  readonly column: number
}
