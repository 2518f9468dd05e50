/** The specifications of the connections that a replay opens. */
import type { ConnectEvent, Headers } from '../../shared/event.ts'
import { MASK, maskHeaders, maskSubprotocols } from '../../shared/secrets.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { RequestStep } from './replay-steps.ts'
import type { Script } from './script.ts'

/** Headers of the recorded origin, and headers that every request has of its own (RFC 6455, 4.1; RFC 9110, 7.6.1). */
export const OWN_HEADER =
  /^(?::.*|host|connection|upgrade|sec-websocket-.*|content-length|transfer-encoding|keep-alive|te|expect|accept-encoding|proxy-.*)$/i

/** Recorded options that apply to any peer. */
const KEPT = ['reconnect', 'maxAttempts', 'timeout', 'maxMessageSize', 'compression'] as const
/** Those of requests over HTTP. */
const KEPT_OF_REQUESTS = ['maxAttempts', 'timeout', 'maxMessageSize', 'framing', 'cursor'] as const

/**
 * The given specification, completed with recorded options. Recorded secrets are not used, because they belong to the
 * recorded origin.
 */
export function asRecorded(spec: ConnectionSpec, { connect }: Pick<Script, 'connect'>): ConnectionSpec {
  const { subprotocols = maskSubprotocols(connect?.subprotocols ?? []).filter((name) => name !== MASK) } =
    spec
  const headers = headersFor(spec, connect?.headers ?? {}, new Set())
  return {
    ...keptOf(connect, KEPT),
    ...spec,
    ...(subprotocols.length > 0 && { subprotocols }),
    ...(Object.keys(headers).length > 0 && { headers }),
  }
}

/** A recorded request as it is sent to a live peer. */
interface LiveRequest {
  readonly headers: Headers
  /** The lower-case names of the headers with ids of the live peer. */
  readonly live: ReadonlySet<string>
  readonly body: ConnectionSpec['body']
}

/** The same for a recorded request. */
export function asRequested(
  { subprotocols: _, ...spec }: ConnectionSpec,
  { connect, method, interval, attempts }: RequestStep,
  { headers: asked, live, body }: LiveRequest,
): ConnectionSpec {
  const reconnect = connect.reconnect ?? (attempts > 1 ? undefined : 'never')
  const headers = headersFor(spec, asked, live)
  return {
    ...keptOf(connect, KEPT_OF_REQUESTS),
    ...(reconnect !== undefined && { reconnect }),
    ...(method !== undefined && { method }),
    ...(interval !== undefined && { interval }),
    ...spec,
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(body !== undefined && { body }),
    transport: connect.transport,
  }
}

/** The lower-case names of recorded headers with secrets that are not sent; `live` names those with live ids instead. */
export function missingSecrets(
  spec: ConnectionSpec,
  recorded: Headers,
  live: ReadonlySet<string>,
): readonly string[] {
  const given = namesIn(spec.headers)
  return Object.entries(maskHeaders(recorded)).flatMap(([name, value]) => {
    const lower = name.toLowerCase()
    const isMissing = isMasked(value) && !OWN_HEADER.test(name) && !given.has(lower) && !live.has(lower)
    return isMissing ? [lower] : []
  })
}

function headersFor(spec: ConnectionSpec, recorded: Headers, live: ReadonlySet<string>): Headers {
  const given = namesIn(spec.headers)
  const masked = maskHeaders(recorded)
  const kept = Object.entries(recorded).flatMap(([name, value]) => {
    const lower = name.toLowerCase()
    if (given.has(lower) || OWN_HEADER.test(name)) return []
    if (live.has(lower)) return [[name, value]]
    return isMasked(masked[name] ?? MASK) ? [] : [[name, masked[name]]]
  })
  return { ...Object.fromEntries(kept), ...spec.headers }
}

function isMasked(value: Headers[string]): boolean {
  return [value].flat().some((each) => each?.includes(MASK))
}

function namesIn(headers: Headers = {}): ReadonlySet<string> {
  return new Set(Object.keys(headers).map((name) => name.toLowerCase()))
}

function keptOf(
  connect: ConnectEvent | undefined,
  names: readonly (keyof ConnectEvent)[],
): Partial<ConnectionSpec> {
  return Object.fromEntries(
    names.flatMap((name) => (connect?.[name] === undefined ? [] : [[name, connect[name]]])),
  )
}
