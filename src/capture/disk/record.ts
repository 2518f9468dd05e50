/** Where an event's record lies in its spool: what precedes the payload, then the payload. */
import { FLAG, type Row } from '../rows.ts'
import type { Spool } from './spool.ts'

/** Whether anything of the event is in a spool. */
export function hasRecord(row: Row): boolean {
  return (row.flags & (FLAG.json | FLAG.id)) !== 0 || (row.size > 0 && (row.flags & FLAG.hollow) === 0)
}

/** Bytes of the record before the payload; undefined where they are no longer kept. */
export function metaSizeOf(row: Pick<Row, 'flags' | 'offset'>, spool: Spool): number | undefined {
  if ((row.flags & (FLAG.json | FLAG.id)) === 0) return 0
  const length = spool.readMetaLength(row.offset)
  return length === undefined ? undefined : 4 + length
}
