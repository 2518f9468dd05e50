/** What recorded clients asked with one method at one path, and where the responses are. */
import { randomUUID } from 'node:crypto'
import type { ProtocolIds, RequestHead } from '../../../decode/ids/ids.ts'
import type { Headers } from '../../../shared/event.ts'
import { forgetOldest, getOrMake } from '../../../shared/maps.ts'
import type { RecordedPacket, RecordedPackets } from '../../packets/recorded-packets.ts'
import type { RecordedConnection } from '../recorded-connection.ts'
import { ClientTalk } from './client-talk.ts'
import { RecordedTalk } from './recorded-talk.ts'
import { Rewriting, sessionIn } from './rewriting.ts'

/** Sessions of clients that are remembered. The oldest are forgotten first. */
const MAX_SESSIONS = 10_000

export interface RecordedRequests {
  readonly recorded: RecordedConnection
  readonly packets: RecordedPackets
}

/** A recorded response. */
export interface FoundResponse {
  readonly recorded: RecordedConnection
  /** Session time of its request. */
  readonly asked: number
  /** Makes the response one to the live request. */
  rewriting(headers: Headers): Rewriting
}

/** No recorded request says the same. */
export interface NothingFound {
  readonly nearest: RecordedPacket | undefined
}

export class HttpTalk {
  readonly #talk: RecordedTalk
  readonly #connections: ReadonlyMap<RecordedPacket, RecordedConnection>
  /** By the ids of their sessions. That of clients without a session is empty. */
  readonly #clients = new Map<string, ClientTalk>()

  private constructor(talk: RecordedTalk, connections: ReadonlyMap<RecordedPacket, RecordedConnection>) {
    this.#talk = talk
    this.#connections = connections
  }

  /** Of at least one connection. All of them speak the same protocol. */
  static async of(requests: readonly RecordedRequests[]): Promise<HttpTalk> {
    const [first] = requests
    if (first === undefined) throw new RangeError('A path has at least one connection.')
    const { protocol, facts } = first.packets
    const connections = new Map<RecordedPacket, RecordedConnection>()
    for (const { recorded, packets } of requests)
      for (const each of packets.packets)
        if (each.packet.direction === 'out') connections.set({ ...each, attempt: 0 }, recorded)
    const talk = await RecordedTalk.of({ protocol, facts, packets: [...connections.keys()] })
    return new HttpTalk(talk, connections)
  }

  get #protocol(): ProtocolIds {
    return this.#talk.recorded.protocol
  }

  /** What was recorded for a request that says the same as this body. Undefined if the body is empty. */
  find(head: RequestHead, body: Uint8Array): FoundResponse | NothingFound | undefined {
    if (body.length === 0) return undefined
    const { facts } = this.#talk.recorded
    const splitter = this.#protocol.splitter(facts)
    const [packet] = [...splitter.push({ direction: 'out', payload: body }), ...splitter.finish()]
    if (packet === undefined) return undefined
    const session = sessionIn(this.#protocol, head)
    const client = this.#client(session ?? '')
    const found = client.find(packet)
    const recorded = found && this.#connections.get(found.exchange.request)
    if (found === undefined || recorded === undefined) return { nearest: client.nearest(packet) }
    return {
      recorded,
      asked: found.exchange.request.time,
      rewriting: (headers) =>
        new Rewriting({ protocol: this.#protocol, facts }, session ?? this.#newSession(headers), found.ids),
    }
  }

  /** The id of a new session, if the recorded peer gave one. */
  #newSession(headers: Headers): string | undefined {
    return sessionIn(this.#protocol, { url: '', headers }) === undefined ? undefined : randomUUID()
  }

  #client(session: string): ClientTalk {
    const client = getOrMake(
      this.#clients,
      session,
      () => new ClientTalk(this.#talk, 0, { isConnection: false }),
    )
    forgetOldest(this.#clients, MAX_SESSIONS)
    return client
  }
}
