/** What TLS connections trust and present, from the spec and the machine's settings. */
import tls from 'node:tls'
import type { TlsInfo } from '../../shared/event.ts'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import type { ConnectionSpec, NetworkSettings, TlsOptions } from '../../shared/spec.ts'

export interface TlsContext {
  readonly secureContext: tls.SecureContext
  readonly rejectUnauthorized: boolean
}

/** RFC 7468 section 5.1, and OpenSSL's own labels for the same. */
const PEM_CERTIFICATE = /^-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/m

let trusted: readonly string[] | undefined

/** Node's own roots and the system's, where this Node can read them. */
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

/** Parsing some hundred certificates takes a while, so connections without certificates of their own share it. */
function sharedContext(): tls.SecureContext {
  shared ??= tls.createSecureContext({ ca: [...trustedRoots()] })
  return shared
}

/**
 * Options for `tls.connect`: system certificates, the spec's own authorities and client certificate, and
 * whether certificates are checked. For a peer that is not the origin the user named (`isNamed`), the client certificate
 * stays here, and its certificate is checked. Throws a `Failure` `BAD_CERTIFICATE` where a PEM text is unusable.
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
  // OpenSSL passes over an authority that it cannot read.
  if (ca?.some((pem) => !PEM_CERTIFICATE.test(pem)))
    throw new Failure(
      'BAD_CERTIFICATE',
      'A file of authorities to trust (ca) has no certificate in it; give a PEM file, which has a line -----BEGIN CERTIFICATE-----.',
    )
  try {
    const secureContext = tls.createSecureContext({
      ca: [...trustedRoots(), ...(ca ?? [])],
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    })
    return { secureContext, rejectUnauthorized }
  } catch (error) {
    const reason = sentenceOf(error)
    throw new Failure(
      'BAD_CERTIFICATE',
      `The certificates or the key given could not be used (${reason}); give PEM files, and the key that belongs to the certificate.`,
    )
  }
}

/** What was agreed on a TLS connection; undefined before its handshake. */
export function tlsInfo(socket: tls.TLSSocket): TlsInfo | undefined {
  const protocol = socket.getProtocol()
  const validTo = Date.parse(socket.getPeerCertificate().valid_to)
  if (protocol === null || Number.isNaN(validTo)) return undefined
  return { protocol, cipher: socket.getCipher().standardName, validTo: new Date(validTo).toISOString() }
}
