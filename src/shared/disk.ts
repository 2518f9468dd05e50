/** How a live session fares with its disk, and what it does when that takes nothing. */

/** While the disk takes no payloads: keep the newest in memory, pause reading, or close every connection. */
export const WHEN_DISK_FULL = ['keepNewest', 'pause', 'disconnect'] as const
export type WhenDiskFull = (typeof WHEN_DISK_FULL)[number]

export interface DiskStatus {
  /** Why it takes no payloads now, as a sentence or two. */
  readonly failure?: string
  /** Payloads lost because it took none. */
  readonly lostPayloads: number
}
