/** The connection over which a script is sent again. */
import { MASK, maskHeaders, maskSubprotocols } from '../../shared/secrets.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { Script } from './script.ts'

/** Headers that belong to the recorded origin, or that every handshake makes anew (RFC 6455 section 4.1). */
const OWN_HEADER = /^(host|connection|upgrade|sec-websocket-.*)$/i

/** What a recorded connection was asked for that holds for any peer. */
const KEPT = ['reconnect', 'maxAttempts', 'timeout', 'maxMessageSize', 'compression'] as const

/**
 * The connection as asked for, else as recorded. Secrets stay with the origin they were for, also where the recording
 * still has them.
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
