/** Hides the secrets of an event before it is stored or printed. */
import type { ConnectEvent, OpenEvent, RealtimeEvent } from '../shared/event.ts'
import { MASK, type Masking, maskHeaders, maskSubprotocols, maskText, maskUrl } from '../shared/secrets.ts'
import type { TlsOptions } from '../shared/spec.ts'

/** The name under which a TLS client key is reported; it is never revealed. */
const TLS_KEY = 'tls.key'

/** What a certificate follows in a PEM file (RFC 7468 section 2). */
const PEM_BEGIN = '-----BEGIN '
const CERTIFICATE = /^((?:[A-Z\d]+ ){0,2}CERTIFICATE-----)[A-Za-z\d+/=\s]*-----END \1/

/** Of a file of certificates only those: it may hold the key as well, or be another file by mistake. */
function certificatesIn(pem: string): string {
  const certificates = pem.split(PEM_BEGIN).flatMap((piece) => CERTIFICATE.exec(piece)?.[0] ?? [])
  return certificates.length === 0 ? MASK : certificates.map((each) => `${PEM_BEGIN}${each}\n`).join('')
}

function redactTls(tls: TlsOptions, masking: Masking): TlsOptions {
  const { ca, cert, key } = tls
  if (key !== undefined) masking.masked?.add(TLS_KEY)
  return {
    ...tls,
    ...(ca === undefined ? {} : { ca: ca.map(certificatesIn) }),
    ...(cert === undefined ? {} : { cert: certificatesIn(cert) }),
    ...(key === undefined ? {} : { key: MASK }),
  }
}

function redactConnect(event: ConnectEvent, masking: Masking): ConnectEvent {
  const { headers, subprotocols, proxy, tls } = event
  return {
    ...event,
    url: maskUrl(event.url, masking),
    ...(headers === undefined ? {} : { headers: maskHeaders(headers, masking) }),
    ...(subprotocols === undefined ? {} : { subprotocols: maskSubprotocols(subprotocols, masking) }),
    ...(proxy === undefined ? {} : { proxy: maskUrl(proxy, masking) }),
    ...(tls === undefined ? {} : { tls: redactTls(tls, masking) }),
  }
}

function redactOpen(event: OpenEvent, masking: Masking): OpenEvent {
  const { subprotocol } = event
  return {
    ...event,
    headers: maskHeaders(event.headers, masking),
    ...(subprotocol === undefined ? {} : { subprotocol: maskSubprotocols([subprotocol], masking)[0] }),
    ...redactRedirects(event, masking),
  }
}

function redactRedirects(
  { redirects }: Pick<OpenEvent, 'redirects'>,
  masking: Masking,
): Pick<OpenEvent, 'redirects'> {
  if (redirects === undefined) return {}
  return { redirects: redirects.map((each) => ({ ...each, location: maskUrl(each.location, masking) })) }
}

/**
 * The event with its secrets as `***`, except those `masking.reveal` names; `masking.masked` collects the
 * names of what was hidden. Payloads are data and stay as they are.
 */
export function redactEvent(event: RealtimeEvent, masking: Masking): RealtimeEvent {
  switch (event.type) {
    case 'connect':
      return redactConnect(event, masking)
    case 'open':
      return redactOpen(event, masking)
    case 'request':
      return { ...event, url: maskUrl(event.url, masking), headers: maskHeaders(event.headers, masking) }
    case 'response':
      return {
        ...event,
        headers: maskHeaders(event.headers, masking),
        ...redactRedirects(event, masking),
      }
    case 'error':
      return { ...event, message: maskText(event.message, masking) }
    case 'reconnect':
      return { ...event, reason: maskText(event.reason, masking) }
    default:
      return event
  }
}
