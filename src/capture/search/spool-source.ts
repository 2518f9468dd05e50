/** The payloads of a spool as the source of a prefilter. */
import { hasPayload } from '../../shared/event-columns.ts'
import { FLAG } from '../column-segments.ts'
import { metaSizeOf } from '../disk/records.ts'
import type { Spool } from '../disk/spool.ts'
import type { PrefilterSource } from './prefilter.ts'

/** Events whose bytes do not decide. */
const ODD = FLAG.lifecycle | FLAG.lost | FLAG.hollow

export function spoolSource(spool: Spool): PrefilterSource {
  return {
    start: spool.start,
    isOpen({ kind, flags, size }, at) {
      if (!hasPayload(kind[at] ?? 0) || ((flags[at] ?? 0) & ODD) !== 0) return true
      return size[at] === 0 ? false : undefined
    },
    endOf({ flags, size, offset }, at) {
      const row = { flags: flags[at] ?? 0, offset: offset[at] ?? 0 }
      return row.offset + (metaSizeOf(row, spool) ?? 0) + (size[at] ?? 0)
    },
    piece: (offset, into) => spool.piece(offset, into),
  }
}
