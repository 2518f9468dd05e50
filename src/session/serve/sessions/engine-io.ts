/** Serves recorded sessions of Engine.IO over polls, which clients may upgrade to a WebSocket. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { ConnectionFacts } from '../../../decode/decoder.ts'
import type { WholePacket } from '../../../decode/ids/ids.ts'
import { addTo } from '../../../shared/maps.ts'
import type { RecordedPacket } from '../../packets/recorded-packets.ts'
import type { RecordedTalks } from '../content/recorded-talks.ts'
import { readBody } from '../http/read-body.ts'
import type { RecordedConnection } from '../recorded-connection.ts'
import { allowOrigin } from '../response-headers.ts'
import type { Playback } from '../serve-options.ts'
import { Peer } from '../websocket/recorded-peer.ts'
import { shakeHands } from '../websocket/shake-hands.ts'
import type { LiveSession, Outlet } from './live-session.ts'
import { LiveSessions } from './live-sessions.ts'
import { type RecordedSession, recordedSessions } from './recorded-sessions.ts'
import type { SessionService } from './session-service.ts'

const PROTOCOLS: ReadonlySet<string> = new Set(['socket.io', 'engine.io'])
const CLOSE = '1'
const PROBE = '2probe'
const PROBED = '3probe'
const UPGRADE = '5'
const NOOP = '6'
/** Packets about the connections of the session, which depend on what the live client does. */
const ABOUT_CONNECTIONS: ReadonlySet<string> = new Set([CLOSE, PROBE, PROBED, UPGRADE, NOOP])
/** The answer to a request with packets. */
const RECEIPT = /^(?:ok$|$|\{"code":\d)/
const PLAIN = 'text/plain; charset=UTF-8'

/** The recorded sessions that use polls. */
export function engineIoSessions(
  connections: readonly RecordedConnection[],
  talks: RecordedTalks,
): Promise<readonly RecordedSession[]> {
  return recordedSessions(PROTOCOLS, connections, talks, isAboutConnections)
}

export class EngineIoService implements SessionService {
  readonly #sessions: LiveSessions
  readonly #byPath = new Map<string, RecordedSession[]>()

  constructor(recorded: readonly RecordedSession[], playback: Playback) {
    this.#sessions = new LiveSessions(playback)
    for (const session of recorded) addTo(this.#byPath, session.url.pathname, session)
  }

  /** Polls, and WebSockets of their sessions, have a query. */
  takes({ pathname, searchParams }: URL, isUpgrade: boolean): boolean {
    if (!this.#byPath.has(pathname)) return false
    return isUpgrade ? searchParams.has('sid') : searchParams.get('transport') === 'polling'
  }

  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    allowOrigin(request, response)
    const sid = url.searchParams.get('sid')
    const facts = factsOf(url, 'poll')
    const session = sid === null ? this.#start(url) : this.#sessions.get(sid)
    if (session === undefined) {
      request.resume()
      response.writeHead(400, { 'Content-Type': 'application/json' })
      response.end('{"code":1,"message":"Session ID unknown"}')
    } else if (request.method === 'POST') await takeBody(session, facts, request, response)
    else {
      request.resume()
      poll(session, facts, response)
    }
  }

  /** The WebSocket takes over from the polls if the client says so. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, url: URL): void {
    const session = this.#sessions.get(url.searchParams.get('sid') ?? '')
    if (session === undefined) socket.destroy()
    else
      shakeHands(request, socket, head, undefined, (ws) =>
        join(session, factsOf(url, 'websocket'), ws, new Peer(ws, socket)),
      )
  }

  close(): void {
    this.#sessions.close()
  }

  #start({ pathname }: URL): LiveSession | undefined {
    return this.#sessions.start(randomBytes(15).toString('base64url'), this.#byPath.get(pathname) ?? [])
  }
}

function isAboutConnections({ packet: { bytes, binary, direction } }: RecordedPacket): boolean {
  const text = binary ? undefined : Buffer.from(bytes.subarray(0, 16)).toString()
  if (text === undefined) return false
  return ABOUT_CONNECTIONS.has(text) || (direction === 'in' && RECEIPT.test(text))
}

function factsOf(url: URL, transport: 'poll' | 'websocket'): ConnectionFacts {
  return { connection: 0, url: url.href, transport }
}

function textOf({ bytes, binary }: WholePacket): string {
  return binary ? '' : Buffer.from(bytes).toString()
}

async function takeBody(
  session: LiveSession,
  facts: ConnectionFacts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request)
  if (body === undefined || session.isBusy) {
    response.writeHead(body === undefined ? 413 : 503).end()
    return
  }
  const packets = session.protocol.splitter(facts)
  const received = [...packets.push({ direction: 'out', payload: body }), ...packets.finish()]
  response.writeHead(200, { 'Content-Type': 'text/html' }).end('ok')
  if (received.some((packet) => textOf(packet) === CLOSE)) session.end()
  else session.received(received, body, false)
}

/** Holds the request until there is something to send. */
function poll(session: LiveSession, facts: ConnectionFacts, response: ServerResponse): void {
  const respond = (body: Uint8Array | string) => {
    if (!response.writableEnded) response.writeHead(200, { 'Content-Type': PLAIN }).end(body)
  }
  const outlet: Outlet = {
    isOnce: true,
    write: async (packets) => respond(session.protocol.write(packets, facts)[0]?.payload ?? NOOP),
    replaced: () => respond(NOOP),
    ended: () => respond(CLOSE),
  }
  response.on('close', () => session.detach(outlet))
  session.attach(outlet)
}

function join(session: LiveSession, facts: ConnectionFacts, ws: WebSocket, peer: Peer): void {
  const splitter = session.protocol.splitter(facts)
  const outlet: Outlet = {
    isOnce: false,
    write: (packets) => peer.sendPackets(packets, facts),
    ended: () => ws.close(),
  }
  ws.on('error', () => {})
  ws.on('close', () => {
    if (session.detach(outlet)) session.end()
  })
  ws.on('message', (data: Buffer, isBinary: boolean) => {
    const packets = splitter.push({ direction: 'out', payload: data, binary: isBinary })
    const text = isBinary ? '' : data.toString()
    // The client takes the WebSocket once the server has answered its ping, and its poll has ended.
    if (text === PROBE) {
      ws.send(PROBED)
      session.release()
    } else if (text === UPGRADE) session.attach(outlet)
    else if (text === CLOSE) session.end()
    else session.received(packets, data, isBinary)
  })
}
