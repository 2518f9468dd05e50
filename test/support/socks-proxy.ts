/** A SOCKS 5 proxy on loopback. */
import type { Socket } from 'node:net'
import { createServer } from 'node-socks5-server'
import { listen, refusedPort } from './loopback.ts'

export interface SocksProxy {
  /** `127.0.0.1:PORT` */
  readonly host: string
  /** How many connections it got. */
  readonly connections: () => number
}

const QUIET = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }

/** Starts a proxy, which `closeServers` ends. It finds no names. */
export async function startSocksProxy(credentials?: { user: string; password: string }): Promise<SocksProxy> {
  let connections = 0
  // Nobody answers there, so that no name is found.
  const dns = `127.0.0.1:${await refusedPort()}`
  const server = createServer({
    dns,
    logger: QUIET,
    ...(credentials && {
      userPassAuthFn: (user, password) => user === credentials.user && password === credentials.password,
    }),
  })
  server.on('connection', (socket: Socket) => {
    connections++
    socket.on('error', () => {})
  })
  return { host: `127.0.0.1:${await listen(server)}`, connections: () => connections }
}
