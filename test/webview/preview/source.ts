/** Where the stand-in host has its session from. */
import type { ColumnBatch } from '../../../src/shared/columns.ts'
import type { EventDetail, EventPreview } from '../../../src/shared/protocol.ts'
import type { ConnectionStatus } from '../../../src/shared/status.ts'

export interface Source {
  readonly eventNames: readonly string[]
  /** Session time of an event, or of the moment after the last, in milliseconds. */
  time(index: number): number
  columns(from: number, to: number): ColumnBatch
  preview(index: number): EventPreview
  detail(index: number, maxBytes: number): EventDetail
  /** The connections at the end of the session; undefined where the host makes its own up. */
  readonly connections: readonly ConnectionStatus[] | undefined
}
