/** What is read of a capture, or of the part of it that is shown. */
import type { Capture } from './capture.ts'

export type Log = Pick<
  Capture,
  | 'startedAt'
  | 'generation'
  | 'count'
  | 'firstKept'
  | 'firstPayload'
  | 'droppedPayloads'
  | 'spoolBytes'
  | 'labels'
  | 'columns'
  | 'row'
  | 'event'
  | 'peek'
  | 'payload'
  | 'isDropped'
>
