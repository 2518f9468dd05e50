/** The specification of a connection over which a script is sent. */
import { MASK, maskHeaders, maskSubprotocols } from '../../shared/secrets.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { Script } from './script.ts'

/** Headers of the recorded origin, and headers that every handshake generates (RFC 6455 section 4.1). */
const OWN_HEADER = /^(host|connection|upgrade|sec-websocket-.*)$/i

/** Recorded options that apply to any peer. */
const KEPT = ['reconnect', 'maxAttempts', 'timeout', 'maxMessageSize', 'compression'] as const

/**
 * The given specification, completed with recorded options. Recorded secrets are not used, because they belong to the
 * recorded origin.
 */
export function asRecorded(spec: ConnectionSpec, { connect }: Script): ConnectionSpec {
  const { subprotocols = maskSubprotocols(connect?.subprotocols ?? []).filter((name) => name !== MASK) } =
    spec
  const given = new Set(Object.keys(spec.headers ?? {}).map((name) => name.toLowerCase()))
  const recorded = Object.entries(maskHeaders(connect?.headers ?? {})).filter(
    ([name, value]) =>
      !given.has(name.toLowerCase()) &&
      !OWN_HEADER.test(name) &&
      ![value].flat().some((each) => each.includes(MASK)),
  )
  const headers = { ...Object.fromEntries(recorded), ...spec.headers }
  const kept = KEPT.flatMap((name) => (connect?.[name] === undefined ? [] : [[name, connect[name]]]))
  return {
    ...Object.fromEntries(kept),
    ...spec,
    ...(subprotocols.length > 0 && { subprotocols }),
    ...(Object.keys(headers).length > 0 && { headers }),
  }
}
