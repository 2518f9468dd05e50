/** Sentences for clients that ask for what was not recorded. What was is only revealed to clients on this machine. */

import type { IncomingMessage } from 'node:http'
import { isLoopback } from '../../shared/loopback.ts'
import { maskUrl } from '../../shared/secrets.ts'
import type { RecordedPacket } from '../packets/recorded-packets.ts'
import type { Refusal } from './access.ts'
import { describePacket } from './content/describe-packet.ts'

/** Characters of a path that are shown. */
const MAX_PATH = 200

/** Nothing was recorded at the path. `paths` are the recorded ones. */
export function notRecorded(request: IncomingMessage, url: URL, paths: string, how = ''): Refusal {
  return refusal(request, `Nothing was recorded at ${shown(url)}${how}`, `recorded are: ${paths}`)
}

/** A request was recorded at the path, but none that says the same. */
export function notSaid(request: IncomingMessage, url: URL, nearest: RecordedPacket | undefined): Refusal {
  const reason = `No request that was recorded at ${shown(url)} says the same`
  return refusal(request, reason, nearest && `the nearest is: ${describePacket(nearest)}`)
}

function refusal({ socket }: IncomingMessage, reason: string, recorded: string | undefined): Refusal {
  const isOwn = isLoopback(socket.remoteAddress ?? '')
  return { status: 404, reason: isOwn && recorded !== undefined ? `${reason}; ${recorded}` : `${reason}.` }
}

function shown({ pathname }: URL): string {
  return maskUrl(pathname.slice(0, MAX_PATH))
}
