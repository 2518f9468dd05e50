/** Which certificates TLS connections trust and present, by the spec and the system's settings. */
import tls from 'node:tls'
import type { TlsInfo } from '../../shared/event.ts'
import type { ConnectionSpec, NetworkSettings, TlsOptions } from '../../shared/spec.ts'
import { badAuthorities, badCertificate } from './failures.ts'

export interface TlsContext {
  readonly secureContext: tls.SecureContext
  readonly rejectUnauthorized: boolean
}

/** RFC 7468 section 5.1, and the labels of OpenSSL. */
const PEM_CERTIFICATE = /^-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/m

let trusted: readonly string[] | undefined

/** Node's root certificates, and those of the system if this version of Node can read them. */
function trustedRoots(): readonly string[] {
  if (trusted !== undefined) return trusted
  const { getCACertificates } = tls
  trusted =
    typeof getCACertificates === 'function'
      ? [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
      : tls.rootCertificates
  return trusted
}

let shared: tls.SecureContext | undefined

/** Parsing hundreds of certificates takes a while, so connections without certificates of their own share a context. */
function sharedContext(): tls.SecureContext {
  shared ??= tls.createSecureContext({ ca: [...trustedRoots()] })
  return shared
}

/**
 * Options for `tls.connect`: the system's certificates, the spec's authorities and client certificate, and whether
 * certificates are checked. Unless the peer is of the origin in the user's URL (`isNamed`), the client certificate is not
 * presented and the peer's certificate is always checked. Throws a `Failure` `BAD_CERTIFICATE` if a PEM text is invalid.
 */
export function tlsOptions(
  { tls: given = {} }: ConnectionSpec,
  network: NetworkSettings,
  isNamed: boolean,
): TlsContext {
  const { ca } = given
  const { cert, key, insecure } = isNamed ? given : ({} as TlsOptions)
  const rejectUnauthorized = insecure !== true && network.strictTls !== false
  if (ca === undefined && cert === undefined && key === undefined)
    return { secureContext: sharedContext(), rejectUnauthorized }
  // OpenSSL ignores an authority that it cannot read.
  if (ca?.some((pem) => !PEM_CERTIFICATE.test(pem))) throw badAuthorities()
  try {
    const secureContext = tls.createSecureContext({
      ca: [...trustedRoots(), ...(ca ?? [])],
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    })
    return { secureContext, rejectUnauthorized }
  } catch (error) {
    throw badCertificate(error)
  }
}

/** The negotiated parameters of a TLS connection; undefined before its handshake. */
export function tlsInfo(socket: tls.TLSSocket): TlsInfo | undefined {
  const protocol = socket.getProtocol()
  const validTo = Date.parse(socket.getPeerCertificate().valid_to)
  if (protocol === null || Number.isNaN(validTo)) return undefined
  return { protocol, cipher: socket.getCipher().standardName, validTo: new Date(validTo).toISOString() }
}
