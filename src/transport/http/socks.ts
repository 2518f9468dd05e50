/** A connection through a SOCKS 5 proxy (RFC 1928). The package for it is loaded when the first such proxy is used. */
import { lookup } from 'node:dns/promises'
import net from 'node:net'
import { percentDecode } from '../../shared/credentials.ts'
import type { StopSignal } from '../deadline.ts'
import { untilAborted } from '../request-hook.ts'
import { proxyUnusable } from './failures.ts'
import { bareHost, hostAndPort, portOf } from './host-port.ts'
import { notSocks, socksCredentialsTooLong, socksRefused, socksUnauthorized } from './socks-failures.ts'

/** Milliseconds. The package keeps its timer, and with it what it has received, until then. */
const LONGEST = 600_000
/** Bytes of a user name and of a password (RFC 1929). */
const MAX_CREDENTIAL = 255

/** The codes for what the package only words. */
const CODES = [
  [/^Proxy connection timed out$/, 'ETIMEDOUT'],
  [/^Socket closed$|ECONNRESET|EPIPE|ended by the other party/, 'ECONNRESET'],
] as const

export function isSocks({ protocol }: URL): boolean {
  return protocol === 'socks5:' || protocol === 'socks5h:'
}

/**
 * Asks the proxy at the other end of `socket` for a connection to the origin, and resolves with the same socket. For `socks5:`, this
 * machine looks up the origin's name, as with curl; for `socks5h:`, the proxy does. Rejects with a `Failure`, with the reason of the
 * signal, or with an error of the network if the name is not found here.
 */
export async function openThroughSocks(
  socket: net.Socket,
  proxy: URL,
  origin: URL,
  signal: StopSignal,
): Promise<net.Socket> {
  const onAbort = () => socket.destroy()
  signal.addEventListener('abort', onAbort)
  try {
    const credentials = credentialsOf(proxy)
    const host = await untilAborted(destinationHost(proxy, origin), signal)
    const { SocksClient } = await loadSocks()
    signal.throwIfAborted()
    // The package would wait for a socket that has closed meanwhile.
    if (socket.destroyed) throw proxyGone(proxy, origin)
    await SocksClient.createConnection({
      proxy: { host: bareHost(proxy), port: portOf(proxy), type: 5, ...credentials },
      destination: { host, port: portOf(origin) },
      command: 'connect',
      existing_socket: socket,
      timeout: LONGEST,
    })
    return socket
  } catch (error) {
    socket.on('error', () => {}).destroy()
    signal.throwIfAborted()
    throw refusalOf(error, proxy, origin) ?? error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** In a bundle, the package has only a default export. */
async function loadSocks(): Promise<typeof import('socks')> {
  const loaded = await import('socks')
  return 'default' in loaded ? (loaded.default as typeof loaded) : loaded
}

function proxyGone(proxy: URL, origin: URL): Error {
  return proxyUnusable(
    Object.assign(new Error('closed'), { code: 'ECONNRESET' }),
    proxy,
    hostAndPort(origin.href),
  )
}

async function destinationHost(proxy: URL, origin: URL): Promise<string> {
  const host = bareHost(origin)
  return proxy.protocol === 'socks5h:' || net.isIP(host) !== 0
    ? host
    : (await lookup(host, { order: 'ipv4first' })).address
}

function credentialsOf(proxy: URL): { userId: string; password: string } | undefined {
  if (proxy.username === '') return undefined
  const [userId = '', password = ''] = [proxy.username, proxy.password].map(percentDecode)
  if (Math.max(Buffer.byteLength(userId), Buffer.byteLength(password)) > MAX_CREDENTIAL)
    throw socksCredentialsTooLong(proxy)
  return { userId, password }
}

/** The failure for what the package reports; undefined for an error of another kind. */
function refusalOf(error: unknown, proxy: URL, origin: URL): Error | undefined {
  // Errors of the package have the options of the connection.
  if (!(error instanceof Error) || !('options' in error)) return undefined
  const target = hostAndPort(origin.href)
  const [, reply] = /^Socks5 proxy rejected connection - (\w+)$/.exec(error.message) ?? []
  if (reply !== undefined) return socksRefused(proxy, target, reply)
  if (/no accepted authentication type|Authentication failed/.test(error.message))
    return socksUnauthorized(proxy)
  const [, code] = CODES.find(([pattern]) => pattern.test(error.message)) ?? []
  return code === undefined
    ? notSocks(proxy)
    : proxyUnusable(Object.assign(new Error(error.message), { code }), proxy, target)
}
