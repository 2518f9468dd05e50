/** The recorded peers of a session as a server for real clients. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { Failure } from '../../shared/failure.ts'
import type { Playable } from '../playable.ts'
import { REAL_TIMERS } from '../replay/timers.ts'
import { allowOrigin, answerPreflight } from './headers.ts'
import { HttpService } from './http/service.ts'
import type { Endpoint, Playback, Served, ServeOptions } from './options.ts'
import type { RecordedConnection } from './recorded.ts'
import { type Route, Routes } from './routes.ts'
import { survey } from './survey.ts'
import { refuse } from './websocket/refuse.ts'
import { WebSocketService } from './websocket/service.ts'

/** Longer than polls pause, so that their connections stay alive. */
const KEEP_ALIVE = 65_000

/**
 * Serves the inbound side of a session's connections at their recorded paths. Rejects with a `Failure`:
 * `NOTHING_TO_SERVE`, `EADDRINUSE`, or the system's code.
 */
export async function serveSession(source: Playable, options: ServeOptions = {}): Promise<Served> {
  const { outages = true, connection, port = 0, host = '127.0.0.1' } = options
  const { connections, notes } = survey(source, { outages, ...(connection !== undefined && { connection }) })
  if (connections.length === 0) throw nothingToServe(notes, connection)
  const server = new SessionServer(source, connections, options)
  const address = await server.listen(port, host)
  return {
    endpoints: connections.map((recorded) => endpointOf(recorded, address)),
    notes,
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

function endpointOf(
  { id, url, transport }: RecordedConnection,
  { address, family, port }: AddressInfo,
): Endpoint {
  const scheme = transport === 'websocket' ? 'ws' : 'http'
  const host = family === 'IPv6' ? `[${address}]` : address
  return { url: `${scheme}://${host}:${port}${url.pathname}${url.search}`, transport, connection: id }
}

class SessionServer {
  readonly #routes: Routes
  readonly #server: Server
  readonly #http: HttpService
  readonly #webSockets: WebSocketService
  readonly #playback: Playback
  /** What is asked for where nothing is recorded is told what there is. */
  readonly #paths: string

  constructor(source: Playable, connections: readonly RecordedConnection[], options: ServeOptions) {
    const { speed = 1, match = 'order', loop = false, onClient = () => {} } = options
    let clients = 0
    this.#playback = {
      speed,
      match,
      loop,
      timers: REAL_TIMERS,
      tell: onClient,
      admit(connection, attempt) {
        clients++
        onClient({ type: 'client', client: clients, connection, attempt })
        return clients
      },
    }
    this.#routes = new Routes(connections)
    this.#paths = [...new Set(connections.map(({ url }) => url.pathname + url.search))].slice(0, 10).join(' ')
    this.#http = new HttpService(source, this.#playback)
    this.#webSockets = new WebSocketService(source, this.#playback)
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE }, (request, response) =>
      this.#request(request, response),
    )
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
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
    this.#server.close()
    this.#server.closeAllConnections()
    await Promise.all([closed, this.#webSockets.close()])
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    // A body is no part of what is matched.
    request.resume()
    // A client that goes away is no failure; whoever plays to it notices.
    response.on('error', () => {})
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined) {
      answerPreflight(request, response)
      return
    }
    const route = this.#find(request, false)
    if (typeof route === 'string') {
      allowOrigin(request, response)
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${route}\n`)
    } else this.#http.answer(route, request, response, urlOf(request))
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A client that goes away during the handshake is no matter.
    socket.on('error', () => {})
    const route = this.#find(request, true)
    if (typeof route === 'string') refuse(socket, 404, `${route}\n`)
    else this.#webSockets.accept(route, request, socket, head)
  }

  /** The route, or a sentence why there is none. */
  #find(request: IncomingMessage, upgrade: boolean): Route | string {
    const url = urlOf(request)
    const route = this.#routes.find({ url, upgrade, accept: request.headers.accept ?? '' })
    if (route !== undefined) return route
    const reason = `Nothing was recorded at ${url.pathname.slice(0, 200)}${upgrade ? ' by WebSocket' : ''}; recorded are: ${this.#paths}`
    this.#playback.tell({ type: 'refused', url: request.url ?? '', reason })
    return reason
  }
}

/** The URL asked for; what cannot be parsed is a path that nothing has. */
function urlOf({ url = '' }: IncomingMessage): URL {
  return URL.canParse(url, ORIGIN) ? new URL(url, ORIGIN) : new URL(`/${encodeURIComponent(url)}`, ORIGIN)
}

const ORIGIN = 'http://localhost'

function listenFailure(
  { code = 'LISTEN', message }: NodeJS.ErrnoException,
  port: number,
  host: string,
): Failure {
  if (code === 'EADDRINUSE')
    return new Failure(code, `Port ${port} of ${host} is taken; choose another, or 0 for a free one.`)
  if (code === 'EACCES') return new Failure(code, `Port ${port} may not be opened; choose one above 1023.`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new Failure(code, `${host} is no address of this machine; choose 127.0.0.1, or 0.0.0.0 for all.`)
  return new Failure(code, `${host}:${port} cannot be listened on: ${message}.`)
}
