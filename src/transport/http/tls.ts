/** Which certificates TLS connections trust and present, by the spec and the system's settings. */
import tls from 'node:tls'
import type { TlsInfo } from '../../shared/event.ts'
import { certificatesFor, type HostCertificates, isEncryptedKey } from '../../shared/host-certificates.ts'
import { forgetOldest, getOrMake } from '../../shared/maps.ts'
import type { ConnectionSpec, NetworkSettings } from '../../shared/spec.ts'
import { badAuthorities, badCertificate, badHostCertificates, encryptedKey } from './failures.ts'

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

/** The contexts of certificates that were given, by these. */
const contexts = new Map<string, tls.SecureContext>()
const MAX_CONTEXTS = 16

/** Shared like the context above, because it has the same hundreds of certificates. */
function givenContext(given: Given): tls.SecureContext {
  const { ca = [], pfx, ...client } = given
  const make = () => {
    try {
      return tls.createSecureContext({
        ...client,
        ca: [...trustedRoots(), ...ca],
        ...(pfx !== undefined && { pfx: Buffer.from(pfx, 'base64') }),
      })
    } catch (error) {
      throw badCertificate(error)
    }
  }
  const context = getOrMake(contexts, JSON.stringify(given), make)
  forgetOldest(contexts, MAX_CONTEXTS)
  return context
}

export interface TlsTarget {
  readonly spec: ConnectionSpec
  readonly network: NetworkSettings
  /** Of the peer: an origin, or a proxy. */
  readonly url: URL
  /** Whether it is the origin in the user's URL. */
  readonly isNamed: boolean
}

type Given = Omit<HostCertificates, 'host' | 'problem'>

/**
 * The client certificate for the peer, and the authorities to trust besides those of the system. The client certificate of
 * the spec is for the named origin only; otherwise, it is that of the settings for the host. Authorities come from both.
 * Throws a `Failure` `BAD_CERTIFICATE` if those of the settings cannot be used.
 */
function givenFor({ spec, network, url, isNamed }: TlsTarget): Given {
  const { ca: authorities = [], cert, key, passphrase } = spec.tls ?? {}
  const hasOwn = isNamed && (cert !== undefined || key !== undefined)
  const { host = '', problem, ca: more = [], ...client } = certificatesFor(url, network.certificates) ?? {}
  if (problem !== undefined && !hasOwn) throw badHostCertificates(host, problem)
  const ca = [...authorities, ...more]
  return {
    ...(hasOwn ? { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) } : client),
    ...(hasOwn && passphrase !== undefined && { passphrase }),
    ...(ca.length > 0 && { ca }),
  }
}

/**
 * Options for `tls.connect`: the system's certificates, the authorities and the client certificate for the peer, and whether
 * certificates are checked. The peer's certificate is always checked unless it is the origin in the user's URL. Throws a
 * `Failure` `BAD_CERTIFICATE` if a certificate or a key cannot be used.
 */
export function tlsOptions(target: TlsTarget): TlsContext {
  const { spec, network, isNamed } = target
  const rejectUnauthorized = !(isNamed && spec.tls?.insecure === true) && network.strictTls !== false
  const { ca = [], pfx, ...client } = givenFor(target)
  if (ca.length === 0 && pfx === undefined && Object.keys(client).length === 0)
    return { secureContext: sharedContext(), rejectUnauthorized }
  // OpenSSL ignores an authority that it cannot read.
  if (ca.some((pem) => !PEM_CERTIFICATE.test(pem))) throw badAuthorities()
  const { key = '', passphrase } = client
  if (passphrase === undefined && isEncryptedKey(key)) throw encryptedKey()
  return {
    secureContext: givenContext({ ca, ...client, ...(pfx !== undefined && { pfx }) }),
    rejectUnauthorized,
  }
}

/** The negotiated parameters of a TLS connection; undefined before its handshake. */
export function tlsInfo(socket: tls.TLSSocket): TlsInfo | undefined {
  const protocol = socket.getProtocol()
  const validTo = Date.parse(socket.getPeerCertificate().valid_to)
  if (protocol === null || Number.isNaN(validTo)) return undefined
  return { protocol, cipher: socket.getCipher().standardName, validTo: new Date(validTo).toISOString() }
}
