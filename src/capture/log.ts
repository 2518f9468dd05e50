/** What is read of a capture, or of the part of it that is shown. */
import { allocateColumns } from '../shared/columns.ts'
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
  | 'eventNames'
  | 'columns'
  | 'row'
  | 'event'
  | 'peek'
  | 'payload'
  | 'isDropped'
> &
  Partial<Pick<Capture, 'sift' | 'text'>>

const none = (index: number) => {
  throw new RangeError(`There is no event ${index}.`)
}

/** A log of nothing. */
export const EMPTY_LOG: Log = {
  startedAt: new Date(0),
  generation: 0,
  count: 0,
  firstKept: 0,
  firstPayload: 0,
  droppedPayloads: 0,
  spoolBytes: 0,
  eventNames: [''],
  columns: () => allocateColumns(0, 0),
  row: none,
  event: none,
  peek: none,
  payload: none,
  isDropped: none,
}
