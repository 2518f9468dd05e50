/** An HTTP proxy on loopback: it tunnels with CONNECT and forwards requests in absolute form. */
import { createServer, request as forward, type IncomingMessage, type Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { listen } from './loopback.ts'

export interface Proxy {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** The requests it got: `CONNECT host:port`, `GET http://…`. */
  readonly seen: string[]
  /** The `Proxy-Authorization` values it got. */
  readonly authorizations: (string | undefined)[]
}

export interface ProxyOptions {
  /** The `user:password` that it requires. It answers other requests with 407. */
  readonly credentials?: string
  /** Bytes to send before the response to CONNECT. */
  readonly preface?: string
  /** Status with which it refuses every CONNECT. */
  readonly refuse?: number
  /** Default: a plain HTTP server. */
  readonly server?: Server
}

/** Starts a proxy, which `closeServers` ends. */
export async function startProxy({
  credentials,
  preface = '',
  refuse,
  server = createServer(),
}: ProxyOptions = {}): Promise<Proxy> {
  const seen: string[] = []
  const authorizations: (string | undefined)[] = []
  const wanted =
    credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`
  const admits = (request: IncomingMessage) => {
    const given = request.headers['proxy-authorization']
    seen.push(`${request.method} ${request.url}`)
    authorizations.push(given)
    return wanted === undefined || given === wanted
  }

  server.on('request', (request, response) => {
    if (!admits(request)) {
      response.writeHead(407, { 'proxy-authenticate': 'Basic realm="test"' }).end()
      return
    }
    const { 'proxy-authorization': _own, ...headers } = request.headers
    const onward = forward(request.url ?? '', { method: request.method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.writeHead(502).end())
    request.pipe(onward)
  })
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    socket.on('error', () => {})
    if (!admits(request)) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    if (refuse !== undefined) return void socket.end(`HTTP/1.1 ${refuse} Refused\r\n\r\n`)
    const { hostname, port } = new URL(`http://${request.url}`)
    const onward = connect(Number(port || 80), hostname, () => {
      socket.write(`${preface}HTTP/1.1 200 Connection Established\r\n\r\n`)
      socket.pipe(onward).pipe(socket)
    })
    onward.on('error', () => socket.destroy())
    socket.on('close', () => onward.destroy())
  })
  const port = await listen(server)
  return { url: `http://127.0.0.1:${port}`, seen, authorizations }
}
