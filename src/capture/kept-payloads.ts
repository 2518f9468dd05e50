/** Counts which payloads of a capture are still kept. */

import { type ColumnSegments, FLAG } from './column-segments.ts'
import { hasRecord } from './disk/records.ts'

/** Flags of events whose records are not among the payloads. */
const ELSEWHERE = FLAG.lifecycle | FLAG.lost

export class KeptPayloads {
  /** Number of the oldest event that still has its payload, or never had one. */
  first = 0
  /** Payloads that were not kept, or were dropped while their events were still listed. */
  dropped = 0
  /** Payloads among them that were lost because the disk was failing. */
  lost = 0

  /** Counts payloads that the disk did not take. */
  lose(payloads: number): void {
    this.dropped += payloads
    this.lost += payloads
  }

  /** Moves `first` past the events whose payloads lie before the offset `start`, and counts them. */
  advance(rows: ColumnSegments, start: number): void {
    this.first = Math.max(this.first, rows.firstKept)
    while (this.first < rows.count) {
      const row = rows.get(this.first)
      const isElsewhere = (row.flags & ELSEWHERE) !== 0 || !hasRecord(row)
      if (isElsewhere ? start === 0 : row.offset >= start) break
      if (!isElsewhere && row.size > 0) this.dropped++
      this.first++
    }
  }
}
