/** What belongs to an event: the request or response it pairs with, and earlier messages like it. */
import type { Log } from '../../capture/recording.ts'
import type { Alike, Related } from '../../shared/protocol/payloads.ts'
import type { SessionDecoding } from '../decoding/session-decoding.ts'
import type { Pairs } from '../pairs/pairs.ts'
import { backward, connectionOf, forward } from './connection-events.ts'

/** Limits of the search: events looked at, messages read among them, and messages counted among those. */
const MAX_EVENTS = 65_536
const MAX_READ = 2048
const MAX_COUNTED = 512

/** Throws NO_EVENT. */
export function findRelated(capture: Log, decoding: SessionDecoding, pairs: Pairs, index: number): Related {
  const connection = connectionOf(capture, index)
  const found = pairs.of(index)
  // Of a recording that is played, the response may be still to come.
  const pair = found !== undefined && found.response < capture.count ? found : null
  const [here] = forward(capture, connection, index, 1)
  if (here?.kind.type !== 'message') return { pair, previous: null, name: here?.kind.type ?? '', alike: null }
  const event = capture.row(index).eventName
  const payloadName = decoding.nameOf(index)
  const sizes: number[] = []
  let previous: number | null = null
  let read = 0
  for (const { index: at, kind, size } of backward(capture, connection, index, MAX_EVENTS)) {
    if (kind.type !== 'message' || kind.direction !== here.kind.direction) continue
    if (read === MAX_READ || (read >= MAX_COUNTED && previous !== null)) break
    read++
    if (capture.row(at).eventName !== event || decoding.nameOf(at) !== payloadName) continue
    previous ??= at
    if (read <= MAX_COUNTED) sizes.push(size)
  }
  const alike = alikeOf(sizes, Math.min(read, MAX_COUNTED))
  return { pair, previous, name: capture.eventNames[event] || payloadName, alike }
}

/** The median by the nearest-rank method, as in the statistics. */
function alikeOf(sizes: number[], among: number): Alike | null {
  sizes.sort((one, other) => one - other)
  const medianSize = sizes[Math.ceil(sizes.length / 2) - 1]
  return medianSize === undefined ? null : { count: sizes.length, among, medianSize }
}
