/** The connection over which a script is sent again. */
import { isSecretHeader, MASK } from '../../shared/secrets.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { Script } from './script.ts'

/** Headers that belong to the recorded origin, or that every handshake makes anew (RFC 6455 section 4.1). */
const OWN_HEADER = /^(host|connection|upgrade|sec-websocket-.*)$/i

/** The connection as asked for, else as recorded; secrets stay with the origin they were for. */
export function asRecorded(spec: ConnectionSpec, { connect }: Script): ConnectionSpec {
  const subprotocols = spec.subprotocols ?? connect?.subprotocols?.filter((name) => name !== MASK)
  const given = new Set(Object.keys(spec.headers ?? {}).map((name) => name.toLowerCase()))
  const recorded = Object.entries(connect?.headers ?? {}).filter(
    ([name, value]) =>
      !given.has(name.toLowerCase()) &&
      !OWN_HEADER.test(name) &&
      !isSecretHeader(name) &&
      ![value].flat().includes(MASK),
  )
  const headers = { ...Object.fromEntries(recorded), ...spec.headers }
  return {
    ...spec,
    ...(subprotocols !== undefined && subprotocols.length > 0 && { subprotocols }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(connect?.compression !== undefined && { compression: connect.compression }),
  }
}
