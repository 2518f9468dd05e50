/** Serves the recorded peers of a session to real clients. */

import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { IndexedRecording } from '../../capture/recording.ts'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import { isLoopback } from '../../shared/loopback.ts'
import type { ServedEndpoint } from '../../shared/protocol/served.ts'
import { maskUrl } from '../../shared/secrets.ts'
import { nounFor } from '../../shared/text/quantities.ts'
import { TRANSPORT_TRAITS } from '../../shared/transports.ts'
import { REAL_TIMERS } from '../replay/timers.ts'
import { Access, type Refusal } from './access.ts'
import { SharedBlocks } from './blocks/shared-blocks.ts'
import { readConnections } from './connection-reader.ts'
import type { HttpTalk } from './content/http-talk.ts'
import type { HttpTalks } from './content/http-talks.ts'
import { headOf } from './content/rewriting.ts'
import { refuse } from './end-connection.ts'
import { HttpService } from './http/http-service.ts'
import { readBody } from './http/read-body.ts'
import type { RecordedConnection } from './recorded-connection.ts'
import { type RecordedContent, readContent } from './recorded-content.ts'
import { notRecorded, notSaid } from './refusals.ts'
import { allowOrigin, answerPreflight } from './response-headers.ts'
import { Routes } from './routes.ts'
import type { Playback, Served, ServeOptions } from './serve-options.ts'
import { EngineIoService } from './sessions/engine-io.ts'
import type { SessionService } from './sessions/session-service.ts'
import { SockJsService } from './sessions/sockjs.ts'
import { WebSocketService } from './websocket/websocket-service.ts'

/** Milliseconds. Longer than the pauses of polls, so that their connections are reused. */
const KEEP_ALIVE = 65_000

const LOCALHOST = '127.0.0.1'

/**
 * Serves the inbound side of a session's connections at their recorded paths. Rejects with a `Failure`:
 * `NOTHING_TO_SERVE`, `EADDRINUSE`, or the system's code.
 */
export async function serveSession(source: IndexedRecording, options: ServeOptions = {}): Promise<Served> {
  const { outages = true, connection, port = 0, host = LOCALHOST } = options
  const { connections, notes } = readConnections(source, {
    outages,
    ...(connection !== undefined && { connection }),
  })
  if (connections.length === 0) throw nothingToServe(notes, connection)
  const { match = 'content' } = options
  const content = await readContent(match === 'content' ? source : undefined, connections, connection)
  const server = new SessionServer(source, connections, content, options)
  const address = await server.listen(port, host)
  return {
    endpoints: connections.map((recorded) => endpointOf(recorded, address)),
    notes: [
      ...(isLoopback(address.address) ? [] : [exposed(host)]),
      ...notes,
      ...(content.isTooLong
        ? [TOO_LONG]
        : options.match === 'content'
          ? withoutContent(connections, content)
          : []),
    ],
    close: () => server.close(),
  }
}

function nothingToServe(notes: readonly string[], connection: number | undefined): Failure {
  const which = connection === undefined ? 'no connection' : `no connection ${connection}`
  return new Failure(
    'NOTHING_TO_SERVE',
    notes[0] ?? `The session has ${which}, so there is nothing to serve; record one with connect --save.`,
  )
}

const TOO_LONG =
  'The recording is too long to answer clients by what they say, so messages are played in order; serve one connection with --connection, or a shorter recording.'

/** Which connections are served in another way than was asked for. */
function withoutContent(connections: readonly RecordedConnection[], { talks }: RecordedContent): string[] {
  const without = connections.filter(({ id }) => !talks.has(id)).map(({ id }) => id)
  if (without.length === 0) return []
  const which = `${nounFor(without.length, 'connection')} ${without.slice(0, 10).join(', ')}`
  return [`The messages of ${which} are played in order: the ids of the protocol are not known.`]
}

function exposed(host: string): string {
  return `The server listens on ${host}: everyone who can reach this machine over the network can read the recording, without a password or encryption. To restrict it to this machine, listen on 127.0.0.1.`
}

function endpointOf(
  { id, url, transport }: RecordedConnection,
  { address, family, port }: AddressInfo,
): ServedEndpoint {
  const { scheme } = TRANSPORT_TRAITS[transport]
  const host = family === 'IPv6' ? `[${address}]` : address
  return { url: `${scheme}://${host}:${port}${url.pathname}${url.search}`, transport, connection: id }
}

class SessionServer {
  readonly #routes: Routes
  readonly #server: Server
  readonly #http: HttpService
  readonly #webSockets: WebSocketService
  readonly #playback: Playback
  /** Connections with a requested protocol upgrade. Node's server does not close them. */
  readonly #upgraded = new Set<Duplex>()
  readonly #access: Access
  readonly #httpTalks: HttpTalks
  readonly #services: readonly SessionService[]
  /** The recorded paths, for error messages to clients on this machine. */
  readonly #paths: string

  constructor(
    source: IndexedRecording,
    connections: readonly RecordedConnection[],
    { talks, http, engineIo, sockJs }: RecordedContent,
    options: ServeOptions,
  ) {
    const { speed = 1, match = 'content', loop = false, onClient = () => {} } = options
    this.#access = new Access(options.allowOrigins ?? [], options.host ?? LOCALHOST)
    let clients = 0
    this.#playback = {
      speed,
      match: match === 'content' ? 'order' : match,
      talks,
      loop,
      timers: REAL_TIMERS,
      blocks: new SharedBlocks(source),
      tell: onClient,
      admit(connection, attempt) {
        clients++
        onClient({ type: 'client', client: clients, connection, attempt })
        return clients
      },
    }
    this.#routes = new Routes(connections, (id) => talks.get(id)?.recorded.protocol)
    this.#paths = [...new Set(connections.map(({ url }) => url.pathname + url.search))].slice(0, 10).join(' ')
    this.#services = [
      new EngineIoService(engineIo, this.#playback),
      new SockJsService(sockJs, this.#playback),
    ]
    this.#httpTalks = http
    this.#http = new HttpService(source, this.#playback)
    this.#webSockets = new WebSocketService(source, this.#playback)
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE }, (request, response) =>
      this.#contain(request, response, () => this.#request(request, response)),
    )
    // Header values are bytes (RFC 9110 section 5.5). Node.js and `ws` write them in the default encoding.
    this.#server.on('connection', (socket) => socket.setDefaultEncoding('latin1'))
    this.#server.on('upgrade', (request, socket, head) =>
      this.#contain(request, socket, () => this.#upgrade(request, socket, head)),
    )
  }

  async listen(port: number, host: string): Promise<AddressInfo> {
    try {
      this.#server.listen(port, host)
      await once(this.#server, 'listening')
    } catch (thrown) {
      throw listenFailure(thrown as NodeJS.ErrnoException, port, host)
    }
    return this.#server.address() as AddressInfo
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    for (const service of this.#services) service.close()
    this.#server.close()
    this.#server.closeAllConnections()
    await this.#webSockets.close()
    for (const socket of this.#upgraded) socket.destroy()
    await closed
  }

  /** Handles a request. If that throws, only its own connection ends. */
  #contain(request: IncomingMessage, answer: { destroy(): void }, act: () => void): void {
    try {
      act()
    } catch (thrown) {
      answer.destroy()
      this.#tell(request, sentenceOf(thrown))
    }
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    // A client that disconnects is not a failure. The playback notices it.
    response.on('error', () => {})
    const refusal = this.#access.refusal(request)
    if (refusal !== undefined) {
      request.resume()
      response.setHeader('Vary', 'Origin')
      this.#refuse(request, response, refusal)
      return
    }
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined) {
      request.resume()
      answerPreflight(request, response)
      return
    }
    const url = urlOf(request)
    const service = this.#services.find((each) => each.takes(url, false))
    if (service !== undefined) {
      this.#await(request, response, service.answer(request, response, url))
      return
    }
    const talk = this.#httpTalks.at(request, url)
    if (talk === undefined) {
      request.resume()
      this.#answerInOrder(request, response, url)
    } else
      this.#await(
        request,
        response,
        readBody(request).then((body) => this.#answerByContent(talk, request, response, url, body)),
      )
  }

  /** If answering fails, only that connection ends. A client that disconnects is not a failure. */
  #await(request: IncomingMessage, response: ServerResponse, answered: Promise<void>): void {
    answered.catch((thrown: unknown) => {
      if (!response.closed) this.#tell(request, sentenceOf(thrown))
      response.destroy()
    })
  }

  #answerInOrder(request: IncomingMessage, response: ServerResponse, url: URL): void {
    const { method = 'GET', headers } = request
    const route = this.#routes.find({ url, upgrade: false, accept: headers.accept ?? '', method })
    if (route === undefined) {
      allowOrigin(request, response)
      this.#refuse(request, response, notRecorded(request, url, this.#paths))
    } else this.#http.answer(route, request, response, url)
  }

  #answerByContent(
    talk: HttpTalk,
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    body: Buffer | undefined,
  ): void {
    const found = body && talk.find(headOf(request), body)
    if (found === undefined) this.#answerInOrder(request, response, url)
    else if ('recorded' in found) this.#http.answerFound(found, request, response)
    else {
      allowOrigin(request, response)
      this.#refuse(request, response, notSaid(request, url, found.nearest))
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A client that disconnects during the handshake is not a failure.
    socket.on('error', () => {})
    this.#upgraded.add(socket)
    socket.on('close', () => this.#upgraded.delete(socket))
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      this.#request(request, plainResponse(request, socket))
      return
    }
    const url = urlOf(request)
    const service = this.#services.find((each) => each.takes(url, true))
    if (service?.upgrade !== undefined && this.#access.refusal(request) === undefined) {
      service.upgrade(request, socket, head, url)
      return
    }
    const route = this.#routes.find({ url, upgrade: true, accept: '', method: 'GET' })
    const refusal =
      this.#access.refusal(request) ??
      (route === undefined ? notRecorded(request, url, this.#paths, ' by WebSocket') : undefined)
    if (refusal !== undefined) {
      this.#tell(request, refusal.reason)
      refuse(socket, refusal.status, `${refusal.reason}\n`)
    } else if (route !== undefined) this.#webSockets.accept(route, request, socket, head)
  }

  #refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
    this.#tell(request, refusal.reason)
    response
      .writeHead(refusal.status, { 'Content-Type': 'text/plain; charset=utf-8' })
      .end(`${refusal.reason}\n`)
  }

  #tell({ url = '' }: IncomingMessage, reason: string): void {
    this.#playback.tell({ type: 'refused', url: maskUrl(url), reason })
  }
}

/**
 * The requested URL: a path, which can begin with two slashes, or an absolute URL (RFC 9112 section 3.2). An invalid
 * URL becomes a path at which nothing is recorded.
 */
function urlOf({ url = '' }: IncomingMessage): URL {
  const target = url.startsWith('/') ? ORIGIN + url : url
  return URL.canParse(target, ORIGIN)
    ? new URL(target, ORIGIN)
    : new URL(`/${encodeURIComponent(url)}`, ORIGIN)
}

/**
 * The response to a request to upgrade to another protocol, such as HTTP/2. A server can ignore the request
 * (RFC 9110 section 7.8). Node.js passes such a connection to the listener for upgrades.
 */
function plainResponse(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  response.assignSocket(request.socket)
  response.on('finish', () => socket.end())
  socket.on('drain', () => response.emit('drain'))
  return response
}

const ORIGIN = 'http://localhost'

function listenFailure(
  { code = 'LISTEN', message }: NodeJS.ErrnoException,
  port: number,
  host: string,
): Failure {
  if (code === 'EADDRINUSE')
    return new Failure(code, `Port ${port} of ${host} is taken; choose another, or 0 for a free one.`)
  if (code === 'EACCES')
    return new Failure(code, `There is no permission to open port ${port}; choose one above 1023.`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new Failure(
      code,
      `${host} is not an address of this machine; choose 127.0.0.1, or 0.0.0.0 for all addresses.`,
    )
  return new Failure(code, `${host}:${port} cannot be listened on: ${message}.`)
}
