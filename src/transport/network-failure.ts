/** What the network and TLS do to a connection, in sentences. */
import { Failure } from '../shared/failure.ts'

/** Node's and OpenSSL's codes to what happened and what to try. */
const SENTENCES: Readonly<Record<string, readonly [happened: string, tryThis: string]>> = {
  ECONNREFUSED: [
    'refused the connection',
    'check that the server is running and that host and port are right',
  ],
  ECONNRESET: ['reset the connection', 'look in the server’s log, or for a proxy in between, and reconnect'],
  EPIPE: ['closed the connection while it was written to', 'reconnect'],
  ETIMEDOUT: ['did not answer in time', 'check host, port and firewall'],
  ENOTFOUND: ['has no address', 'check the spelling of the host name and your DNS'],
  EAI_AGAIN: ['could not be looked up just now', 'check your network and DNS, and try again'],
  EHOSTUNREACH: ['cannot be reached', 'check your network, VPN and routes'],
  ENETUNREACH: ['is on a network that cannot be reached', 'check your network and VPN'],
  ECONNABORTED: ['had its connection aborted by this machine', 'check your network and reconnect'],
  EADDRNOTAVAIL: ['cannot be connected to from this machine’s addresses', 'check the port and your network'],
  EACCES: ['may not be connected to from this machine', 'check firewall and permissions'],
  CERT_HAS_EXPIRED: [
    'has a certificate that has expired',
    'renew it, or use the insecure option to connect all the same',
  ],
  CERT_NOT_YET_VALID: ['has a certificate that is not valid yet', 'check this machine’s clock'],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    'has a self-signed certificate',
    'give it as a certificate authority (--ca), or use the insecure option',
  ],
  SELF_SIGNED_CERT_IN_CHAIN: [
    'has a certificate from an authority this machine does not know',
    'give that authority’s certificate (--ca), or use the insecure option',
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'has a certificate from an authority this machine does not know',
    'give that authority’s certificate (--ca), or use the insecure option',
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'has a certificate whose issuer is not known',
    'let the server send its whole chain, give the issuer’s certificate (--ca), or use the insecure option',
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'has a certificate for another name',
    'use the host name the certificate names, or the insecure option',
  ],
  CERT_REVOKED: ['has a certificate that was revoked', 'do not trust this server'],
  EPROTO: [
    'does not speak TLS as expected',
    'check that the port is one for TLS, or use the scheme without it',
  ],
}

function lookUp(code: string): readonly [string, string] | undefined {
  if (Object.hasOwn(SENTENCES, code)) return SENTENCES[code]
  // OpenSSL has hundreds; what they have in common is what a person can act on.
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_'))
    return [
      `failed in TLS (${code})`,
      'check that the port is one for TLS, the TLS versions, and whether it wants a client certificate',
    ]
  return undefined
}

/** Node's error code, also of the last of several addresses that were tried. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  if (error instanceof AggregateError) return errorCode(error.errors.at(-1))
  if ('cause' in error) return errorCode(error.cause)
  return undefined
}

/**
 * The failure for an error of a socket, of DNS or of TLS. `peer` is who it was spoken with, in words:
 * "The server localhost:8080".
 */
export function networkFailure(error: unknown, peer: string): Failure {
  const code = errorCode(error) ?? 'NETWORK'
  const known = lookUp(code)
  if (known) return new Failure(code, `${peer} ${known[0]}; ${known[1]}.`)
  const message = error instanceof Error ? error.message : String(error)
  return new Failure(
    code,
    `The connection to ${peer.replace(/^The /, 'the ')} failed (${message}); try again.`,
  )
}
