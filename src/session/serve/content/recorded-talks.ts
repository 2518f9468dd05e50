/** The recorded talks of a session that can be served by what clients say. */
import type { IndexedRecording } from '../../../capture/recording.ts'
import { unpackKind } from '../../../shared/event-columns.ts'
import { hasIds, readPackets } from '../../packets/recorded-packets.ts'
import { RecordedTalk } from './recorded-talk.ts'

/** By the number of the connection. */
export type RecordedTalks = ReadonlyMap<number, RecordedTalk>

/** Messages that are kept in memory and searched. Longer recordings are played in order. */
const MAX_MESSAGES = 100_000

export interface ReadTalks {
  readonly talks: RecordedTalks
  /** There are ids, but the recording is too long to match it by content. */
  readonly isTooLong: boolean
}

const NONE: ReadTalks = { talks: new Map(), isTooLong: false }

/** The talks of connections whose protocol has known ids, or of one connection. */
export async function readTalks(source: IndexedRecording, only?: number): Promise<ReadTalks> {
  if (!(await hasIds(source, only))) return NONE
  if (isTooLong(source, only)) return { ...NONE, isTooLong: true }
  const recorded = await readPackets(source, only)
  const talks = new Map<number, RecordedTalk>()
  for (const [id, packets] of recorded) talks.set(id, await RecordedTalk.of(packets))
  return { talks, isTooLong: talks.size === 0 }
}

function isTooLong(source: IndexedRecording, only: number | undefined): boolean {
  let messages = 0
  for (let number = source.firstKept; number < source.count; number++) {
    const { connection, kind } = source.row(number)
    if (only !== undefined && connection !== only) continue
    if (unpackKind(kind).type === 'message') messages++
    if (messages > MAX_MESSAGES) return true
  }
  return false
}
