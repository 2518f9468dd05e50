/** What a SOCKS 5 proxy answers instead of a connection, as sentences. */
import { Failure } from '../../shared/failure.ts'
import { hostAndPort } from './host-port.ts'

/** By the name that the package `socks` gives to a reply of RFC 1928 section 6: what the proxy says, and what to try. */
const REPLIES: Readonly<Record<string, readonly [says: string, advice: string]>> = {
  Failure: ['has failed to connect to', 'look into the log of the proxy'],
  NotAllowed: ['does not allow connections to', 'check its rules'],
  NetworkUnreachable: ['cannot reach the network of', 'check the address, and the network of the proxy'],
  HostUnreachable: [
    'cannot reach',
    'check the name, which the proxy looks up if its URL begins with socks5h:',
  ],
  ConnectionRefused: ['was refused a connection to', 'check that the server runs and that the port is right'],
  TTLExpired: ['got no answer from', 'check the address, and the network of the proxy'],
  CommandNotSupported: ['does not open connections, such as to', 'use another proxy'],
  AddressNotSupported: [
    'does not support the kind of address of',
    'let the proxy look up the name (socks5h:), or let this machine do it (socks5:)',
  ],
}

/** The proxy answered `reply`, by its name in the package `socks`. */
export function socksRefused(proxy: URL, target: string, reply: string): Failure {
  const [says, advice] = REPLIES[reply] ?? ['answered with an unknown reply for', 'use another proxy']
  return new Failure('PROXY', `The proxy ${at(proxy)} ${says} ${target}; ${advice}.`)
}

/** The proxy wants a user and a password, or other ones. */
export function socksUnauthorized(proxy: URL): Failure {
  return new Failure(
    'PROXY_AUTH',
    proxy.username === ''
      ? `The proxy ${at(proxy)} requires a user name and a password; put them into its URL, before the host and an @ sign.`
      : `The proxy ${at(proxy)} does not accept the user name and password in its URL; check them.`,
  )
}

/** RFC 1929 has no longer ones. */
export function socksCredentialsTooLong(proxy: URL): Failure {
  return new Failure(
    'BAD_PROXY',
    `The proxy ${at(proxy)} cannot be used: SOCKS 5 has no user names and passwords of more than 255 bytes; use shorter ones.`,
  )
}

export function notSocks(proxy: URL): Failure {
  return new Failure(
    'PROXY',
    `The server at ${at(proxy)} does not answer as a SOCKS 5 proxy; check its port, and whether its URL should begin with http: instead.`,
  )
}

function at(proxy: URL): string {
  return hostAndPort(proxy.href)
}
