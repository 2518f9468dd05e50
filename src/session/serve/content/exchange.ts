/** What a recorded client said, and what its peer said because of it. */
import type { RecordedPacket } from '../../packets/recorded-packets.ts'

export interface Exchange {
  readonly request: RecordedPacket
  /** The same for requests that say the same, whatever their ids. */
  readonly key: string
  /** The packets of the peer that follow from it, in order. */
  readonly replies: RecordedPacket[]
}
