/** The source of the fake host's session. */
import type { ColumnBatch } from '../../../src/shared/event-columns.ts'
import type { EventDetail, EventPreview } from '../../../src/shared/protocol.ts'
import type { ConnectionStatus } from '../../../src/shared/status.ts'

export interface Source {
  readonly eventNames: readonly string[]
  /** Session time of an event, or of the end of the session, in milliseconds. */
  time(index: number): number
  columns(from: number, to: number): ColumnBatch
  preview(index: number): EventPreview
  detail(index: number, maxBytes: number): EventDetail
  /** The connections at the end of the session. Undefined if the host generates them. */
  readonly connections: readonly ConnectionStatus[] | undefined
}
