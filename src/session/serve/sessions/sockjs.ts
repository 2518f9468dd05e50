/** Serves recorded sessions of SockJS over HTTP: a stream or polls for what the server sends, and requests of the client. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ConnectionFacts } from '../../../decode/decoder.ts'
import type { PacketSplitter, WholePacket } from '../../../decode/ids/ids.ts'
import { addTo, getOrMake } from '../../../shared/maps.ts'
import type { RecordedTalks } from '../content/recorded-talks.ts'
import { readBody } from '../http/read-body.ts'
import { writeResponse } from '../http/write-response.ts'
import type { RecordedConnection } from '../recorded-connection.ts'
import { allowOrigin } from '../response-headers.ts'
import type { Playback } from '../serve-options.ts'
import type { LiveSession, Outlet } from './live-session.ts'
import { LiveSessions } from './live-sessions.ts'
import { type RecordedSession, recordedSessions } from './recorded-sessions.ts'
import type { SessionService } from './session-service.ts'

const PROTOCOLS: ReadonlySet<string> = new Set(['sockjs'])
/** The prefix, the server and the session, and the transport. */
const PATH = /^(.*)\/([^/.]+\/[^/.]+)\/(xhr_streaming|xhr|xhr_send)$/
const JAVASCRIPT = 'application/javascript; charset=UTF-8'
/** The first byte of a frame that closes the session. */
const CLOSE = 0x63

interface Asked {
  readonly prefix: string
  readonly session: string
  readonly transport: string
}

/** The recorded sessions that use HTTP. */
export function sockJsSessions(
  connections: readonly RecordedConnection[],
  talks: RecordedTalks,
): Promise<readonly RecordedSession[]> {
  return recordedSessions(PROTOCOLS, connections, talks, () => false)
}

export class SockJsService implements SessionService {
  readonly #sessions: LiveSessions
  readonly #byPrefix = new Map<string, RecordedSession[]>()
  /** The protocol inside is recognized from all that a client sends. */
  readonly #splitters = new WeakMap<LiveSession, PacketSplitter>()

  constructor(recorded: readonly RecordedSession[], playback: Playback) {
    this.#sessions = new LiveSessions(playback)
    for (const session of recorded) {
      const prefix = askedAt(session.url)?.prefix
      if (prefix !== undefined) addTo(this.#byPrefix, prefix, session)
    }
  }

  takes(url: URL, isUpgrade: boolean): boolean {
    const prefix = isUpgrade ? undefined : askedAt(url)?.prefix
    return prefix !== undefined && this.#byPrefix.has(prefix)
  }

  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    allowOrigin(request, response)
    const { prefix, session: id, transport } = askedAt(url) ?? { prefix: '', session: '', transport: '' }
    const facts = { connection: 0, url: url.href, transport: 'http-stream' }
    const known = this.#sessions.get(id)
    if (transport === 'xhr_send') await this.#takeBody(known, facts, request, response)
    else {
      request.resume()
      const session = known ?? this.#sessions.start(id, this.#byPrefix.get(prefix) ?? [])
      if (session !== undefined) attach(session, facts, response, transport === 'xhr')
    }
  }

  close(): void {
    this.#sessions.close()
  }

  async #takeBody(
    session: LiveSession | undefined,
    facts: ConnectionFacts,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = await readBody(request)
    const status = session === undefined ? 404 : body === undefined ? 413 : session.isBusy ? 503 : 204
    response.writeHead(status, { 'Content-Type': 'text/plain; charset=UTF-8' }).end()
    if (session === undefined || body === undefined || status !== 204) return
    const splitter = getOrMake(this.#splitters, session, () => session.protocol.splitter(facts))
    session.received(splitter.push({ direction: 'out', payload: body }), body, false)
  }
}

/** Undefined if the URL is not that of a session. */
function askedAt({ pathname }: URL): Asked | undefined {
  const [, prefix, session, transport] = PATH.exec(pathname) ?? []
  if (prefix === undefined || session === undefined || transport === undefined) return undefined
  return { prefix, session, transport }
}

/** Sends frames in the response: all of them in a stream, those that are there in the response to a poll. */
function attach(
  session: LiveSession,
  facts: ConnectionFacts,
  response: ServerResponse,
  isOnce: boolean,
): void {
  response.writeHead(200, { 'Content-Type': JAVASCRIPT })
  response.flushHeaders()
  const outlet: Outlet = {
    isOnce,
    async write(packets) {
      for (const packet of packets)
        for (const { payload } of packet.protocol.write([packet], facts))
          await writeResponse(response, payload)
      if (isOnce) response.end()
      if (packets.some(isClose)) session.end()
    },
    replaced: () => response.end(),
    ended: () => response.end(),
  }
  response.on('close', () => session.detach(outlet))
  session.attach(outlet)
}

function isClose({ protocol, bytes }: WholePacket): boolean {
  return PROTOCOLS.has(protocol.name) && bytes[0] === CLOSE && bytes[1] === 0x5b
}
