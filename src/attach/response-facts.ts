/** The fields and facts of requests and responses, as the DevTools protocol reports them. */
import type { Headers, Timing, TlsInfo } from '../shared/event.ts'
import type { SeenHead } from '../shared/traffic.ts'
import type { NetworkResponse } from './network-events.ts'

/** The fields that a WebSocket client adds by itself (RFC 6455, section 4.1), and those of the connection. */
const OF_HANDSHAKE =
  /^(?:host|connection|upgrade|content-length|sec-websocket-(?:key|version|extensions|protocol|accept))$/i

/** The protocol joins the values of a repeated field with newlines, and names pseudo-fields of HTTP/2 with a colon. */
export function headersOf(fields: Readonly<Record<string, string>>): Headers {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => !name.startsWith(':'))
      .map(([name, value]) => {
        const [only = '', ...more] = value.split('\n')
        return [name.toLowerCase(), more.length === 0 ? only : [only, ...more]]
      }),
  )
}

/** The fields of a request that the program or its browser chose, without those that every client makes for itself. */
export function ownHeadersOf(fields: Readonly<Record<string, string>>): Headers {
  return headersOf(Object.fromEntries(Object.entries(fields).filter(([name]) => !OF_HANDSHAKE.test(name))))
}

/** The value of a field whose name has lower-case letters. */
export function valueIn(headers: Headers, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : value?.join(', ')
}

/** What is known of a response beside its status and its fields. */
export function factsOf(
  response: NetworkResponse,
): Pick<SeenHead, 'httpVersion' | 'remoteAddress' | 'tls' | 'timing'> {
  const { protocol, remoteIPAddress, securityDetails, timing } = response
  const httpVersion = protocol === undefined ? undefined : httpVersionOf(protocol)
  return {
    ...(httpVersion !== undefined && { httpVersion }),
    ...(remoteIPAddress && { remoteAddress: remoteIPAddress.replace(/^\[(.*)\]$/, '$1') }),
    ...(securityDetails !== undefined && tlsOf(securityDetails)),
    ...(timing !== undefined && { timing: timingOf(timing) }),
  }
}

function httpVersionOf(protocol: string): string | undefined {
  const [, version] = /^(?:http\/|h)([0-9.]+)$/.exec(protocol) ?? []
  return version === undefined || version.includes('.') ? version : `${version}.0`
}

function tlsOf({ protocol, cipher, validTo }: NonNullable<NetworkResponse['securityDetails']>): {
  readonly tls?: TlsInfo
} {
  const end = new Date((validTo ?? Number.NaN) * 1000)
  return Number.isNaN(end.getTime()) ? {} : { tls: { protocol, cipher, validTo: end.toISOString() } }
}

/** Phases that did not happen begin at -1. */
function timingOf(timing: NonNullable<NetworkResponse['timing']>): Timing {
  const { dnsStart, dnsEnd, connectStart, connectEnd, sslStart, sslEnd, sendStart, receiveHeadersStart } =
    timing
  return {
    ...(dnsStart >= 0 && { dns: dnsEnd - dnsStart }),
    ...(connectStart >= 0 && { tcp: (sslStart >= 0 ? sslStart : connectEnd) - connectStart }),
    ...(sslStart >= 0 && { tls: sslEnd - sslStart }),
    ...(receiveHeadersStart !== undefined &&
      receiveHeadersStart >= 0 && { firstByte: receiveHeadersStart - sendStart }),
  }
}
