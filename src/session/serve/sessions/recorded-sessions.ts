/** Sessions of Engine.IO and SockJS, which may use several connections: requests in both directions, and a WebSocket. */
import { idsOf } from '../../../decode/ids/ids.ts'
import { addTo } from '../../../shared/maps.ts'
import { TRANSPORT_TRAITS } from '../../../shared/transports.ts'
import type { RecordedPacket } from '../../packets/recorded-packets.ts'
import { RecordedTalk } from '../content/recorded-talk.ts'
import type { RecordedTalks } from '../content/recorded-talks.ts'
import { sessionIn } from '../content/rewriting.ts'
import type { RecordedConnection } from '../recorded-connection.ts'

export interface RecordedSession {
  /** What was said in it, over all its connections. */
  readonly talk: RecordedTalk
  /** The number of its first connection. */
  readonly connection: number
  readonly url: URL
}

interface Member {
  readonly recorded: RecordedConnection
  readonly talk: RecordedTalk
}

/** The sessions of a protocol that use HTTP, in order. */
export async function recordedSessions(
  protocols: ReadonlySet<string>,
  connections: readonly RecordedConnection[],
  talks: RecordedTalks,
  isCarrier: (packet: RecordedPacket) => boolean,
): Promise<readonly RecordedSession[]> {
  const members = new Map<string, Member[]>()
  for (const recorded of connections) {
    const talk = talks.get(recorded.id)
    if (talk === undefined || !protocols.has(talk.recorded.protocol.name)) continue
    const session = sessionOf(talk, recorded)
    if (session !== undefined) addTo(members, session, { recorded, talk })
  }
  const sessions: RecordedSession[] = []
  for (const all of members.values())
    if (all.some(({ recorded }) => isHttp(recorded))) sessions.push(await joined(all, isCarrier))
  return sessions
}

function isHttp({ transport }: RecordedConnection): boolean {
  return TRANSPORT_TRAITS[transport].scheme !== 'ws'
}

/** The id of the session: in the URL, or in what the peer says first. */
function sessionOf(
  { recorded: { protocol, packets } }: RecordedTalk,
  { url }: RecordedConnection,
): string | undefined {
  const inUrl = sessionIn(protocol, { url: url.href, headers: {} })
  if (inUrl !== undefined) return inUrl
  const first = packets.find(({ packet }) => packet.direction === 'in')
  const id = first && idsOf(first.packet).find(({ kind }) => kind === 'session')
  return id && String(id.id)
}

/** The packets of all connections in order, without those that only concern the connections. */
async function joined(
  members: readonly Member[],
  isCarrier: (packet: RecordedPacket) => boolean,
): Promise<RecordedSession> {
  const [first] = members
  if (first === undefined) throw new RangeError('A session has at least one connection.')
  const packets: RecordedPacket[] = []
  for (const { talk } of members)
    for (const each of talk.recorded.packets) if (!isCarrier(each)) packets.push({ ...each, attempt: 0 })
  packets.sort((a, b) => Number(isGreeting(b)) - Number(isGreeting(a)) || a.event - b.event)
  const { protocol, facts } = first.talk.recorded
  const talk = await RecordedTalk.of({ protocol, facts, packets })
  return { talk, connection: first.recorded.id, url: first.recorded.url }
}

/** Whether the peer begins the session with it. Some recordings have no times for what is in a stream. */
function isGreeting({ packet, isHandshake, answers }: RecordedPacket): boolean {
  return packet.direction === 'in' && isHandshake && answers === undefined
}
