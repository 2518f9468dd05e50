/** Masks the secrets of an event before it is stored or printed. */
import { maskCredentials } from '../shared/credentials.ts'
import type {
  Headers,
  PayloadEvent,
  RealtimeEvent,
  ReconnectEvent,
  Redirect,
  RequestEvent,
  ResponseEvent,
} from '../shared/event.ts'
import {
  isSecretHeader,
  isSecretParam,
  MASK,
  type Masking,
  maskForm,
  maskHeaders,
  maskSubprotocols,
  maskText,
  maskUrl,
  maskValues,
} from '../shared/secrets.ts'
import type { ConnectionSpec, TlsOptions } from '../shared/spec.ts'
import { maskEvent } from './mask-known.ts'
import { maskPayload, maskPayloadText, type PayloadMasking } from './payload-masks.ts'

/** The reported name of a TLS client key, which is always masked. */
const TLS_KEY = 'tls.key'

/** The beginning of a PEM block (RFC 7468 section 2). */
const PEM_BEGIN = '-----BEGIN '
const CERTIFICATE = /^((?:[A-Z\d]+ ){0,2}CERTIFICATE-----)[A-Za-z\d+/=\s]*-----END \1/

/** The certificates in a PEM file. The rest is masked: it can be a key, or another file chosen by mistake. */
function certificatesIn(pem: string): string {
  const certificates = pem.split(PEM_BEGIN).flatMap((piece) => CERTIFICATE.exec(piece)?.[0] ?? [])
  return certificates.length === 0 ? MASK : certificates.map((each) => `${PEM_BEGIN}${each}\n`).join('')
}

function redactTls(tls: TlsOptions, masking: Masking): TlsOptions {
  const { ca, cert, key, passphrase } = tls
  if (key !== undefined) masking.masked?.add(TLS_KEY)
  return {
    ...tls,
    ...(ca === undefined ? {} : { ca: ca.map(certificatesIn) }),
    ...(cert === undefined ? {} : { cert: certificatesIn(cert) }),
    ...(key === undefined ? {} : { key: MASK }),
    ...(passphrase === undefined ? {} : { passphrase: MASK }),
  }
}

/** Masks the secrets of a form (`name=value&…`) or another text, such as JSON. Bytes are not masked. */
function redactBody(given: NonNullable<ConnectionSpec['body']>, masking: PayloadMasking): typeof given {
  if (typeof given !== 'string') return given
  const body = maskPayloadText(given, masking)
  return /^[^\s=&{["<]{1,256}=/.test(body) ? maskForm(body, masking) : maskText(body, masking)
}

/** The names of the parameters and header fields that carry a cursor. */
function named(cursor: string, { url, headers = {} }: { readonly url?: string; readonly headers?: Headers }) {
  const query = url === undefined ? '' : url.slice(url.indexOf('?') + 1)
  return {
    params: [...new URLSearchParams(query)].filter(([, value]) => value === cursor).map(([name]) => name),
    fields: Object.entries(headers)
      .filter(([, value]) => [value].flat().includes(cursor))
      .map(([name]) => name),
  }
}

/** A cursor is a secret if a parameter or field with the name of a secret carries it, or if it looks like one. */
function redactCursor(
  event: RequestEvent | ResponseEvent | ReconnectEvent,
  masking: Masking,
): { readonly cursor?: string } {
  const { cursor } = event
  if (cursor === undefined) return {}
  const { params, fields } = named(cursor, event.type === 'reconnect' ? {} : event)
  const isSecret =
    params.some((name) => isSecretParam(name, masking)) ||
    fields.some((name) => isSecretHeader(name, masking))
  const revealed = [...params, ...fields].some((name) => isRevealed(name, masking))
  return { cursor: isSecret && !revealed ? MASK : maskText(cursor, masking) }
}

function isRevealed(name: string, { reveal = [] }: Masking): boolean {
  return reveal.some((each) => each.toLowerCase() === name.toLowerCase())
}

/** A masked payload is marked as masked and keeps its original size. Its size on the wire is left out. */
function redactPayload<E extends PayloadEvent>(event: E, masking: PayloadMasking): E {
  const payload = maskPayload(event.payload, masking)
  if (payload === undefined) return event
  const { wireSize: _, ...rest } = event
  return {
    ...(rest as E),
    payload,
    extra: { originalSize: event.payload.length, ...event.extra, masked: true },
  }
}

type Mask = (value: never, masking: PayloadMasking) => unknown

/** How to mask a field, by its name: it means the same in all types of events. Payloads and cursors need more. */
const MASKS: Readonly<Record<string, Mask>> = {
  url: maskUrl,
  proxy: maskUrl,
  headers: maskHeaders,
  trailers: maskHeaders,
  subprotocols: maskSubprotocols,
  subprotocol: (name: string, masking) => maskSubprotocols([name], masking)[0],
  tls: redactTls,
  body: redactBody,
  redirects: (redirects: readonly Redirect[], masking) =>
    redirects.map((each) => ({ ...each, location: maskUrl(each.location, masking) })),
  message: maskText,
  reason: maskText,
  rule: maskText,
  lastEventId: maskText,
  protocolOptions: maskValues,
  credentials: maskCredentials,
}

/**
 * The event with its secrets as `***`, except those that `masking.reveal` names. `masking.masked` collects the names
 * of masked secrets. Payloads are data and stay unchanged, except for what the user wants masked.
 */
export function redactEvent(event: RealtimeEvent, masking: PayloadMasking): RealtimeEvent {
  const masked = withoutNamed(event, masking)
  return masking.secrets === undefined ? masked : maskEvent(masked, masking.secrets, masking.reveal)
}

/** The event without secrets that are recognized by their names or formats. */
function withoutNamed(event: RealtimeEvent, masking: PayloadMasking): RealtimeEvent {
  if ('payload' in event) return redactPayload(event, masking)
  const masked = Object.entries(event).map(([name, value]) => {
    const mask = Object.hasOwn(MASKS, name) && value !== undefined ? MASKS[name] : undefined
    return [name, mask === undefined ? value : mask(value as never, masking)]
  })
  // The cursor of a specification says where the server sends one.
  const cursor = event.type !== 'connect' && 'cursor' in event && redactCursor(event, masking)
  return { ...Object.fromEntries(masked), ...cursor }
}
