/** Collects what the decoders find in the newest messages, for completions. */
import type { Log } from '../../capture/recording.ts'
import type { DecodedKind } from '../../shared/decoded.ts'
import { typeOf } from '../../shared/event-columns.ts'
import type { SeenDecoded } from '../../shared/protocol/decoding.ts'
import type { SessionDecoding } from './session-decoding.ts'

/** Limits: events looked at, milliseconds, different names, channels and protocols. */
const MAX_EVENTS = 4096
const MAX_TIME = 20
const MAX_SEEN = 200

/** Newest first. */
export function seenDecoded(log: Log, decoding: SessionDecoding): SeenDecoded {
  const names = new Map<string, Set<DecodedKind>>()
  const channels = new Set<string>()
  const protocols = new Set<string>()
  const until = performance.now() + MAX_TIME
  const first = Math.max(log.firstKept, log.count - MAX_EVENTS)
  for (let index = log.count - 1; index >= first && performance.now() < until; index--) {
    if (typeOf(log.row(index).kind) !== 'message') continue
    for (const { protocol, kind, name = '', channel = '' } of decoding.at(index) ?? []) {
      if (protocols.size < MAX_SEEN) protocols.add(protocol)
      if (channel !== '' && channels.size < MAX_SEEN) channels.add(channel)
      const kinds = names.get(name) ?? new Set()
      kinds.add(kind)
      if (name !== '' && names.size < MAX_SEEN) names.set(name, kinds)
    }
  }
  return {
    protocols: [...protocols],
    names: Array.from(names, ([name, kinds]) => ({ name, kinds: [...kinds] })),
    channels: [...channels],
  }
}
