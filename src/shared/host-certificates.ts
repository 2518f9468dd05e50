/** Client certificates and authorities that belong to hosts, as the user's settings name them. */

export interface HostCertificates {
  /** The host, also with a port; `*.` before it stands for its subdomains: `*.example.com`, `localhost:8443`. */
  readonly host: string
  /** PEM texts of authorities to trust there, too. */
  readonly ca?: readonly string[]
  /** Client certificate and private key as PEM texts. */
  readonly cert?: string
  readonly key?: string
  /** Both as PKCS #12, in base64. */
  readonly pfx?: string
  /** Of the key, or of the PKCS #12 file. */
  readonly passphrase?: string
  /** Why they cannot be used. A connection to the host then fails with this sentence. */
  readonly problem?: string
}

/** A subdomain mark, a host or an IPv6 address in brackets, and a port. */
const PATTERN = /^(\*\.)?(\[[\da-f:.]{2,45}\]|[^\s:/?#@[\]*\\]{1,253})(?::(\d{1,5}))?$/i

/** Whether a text can stand in `HostCertificates.host`. */
export function isHostPattern(text: string): boolean {
  const [, , host] = PATTERN.exec(text) ?? []
  return host !== undefined && URL.canParse(`https://${host}`)
}

/** Whether the host and the port of an https: or wss: URL are those of a pattern. */
export function isForHost(pattern: string, url: URL): boolean {
  const [, wildcard, host = '', port] = PATTERN.exec(pattern) ?? []
  const written = `https://${host}`
  if (host === '' || !URL.canParse(written)) return false
  if (port !== undefined && Number(port) !== Number(url.port || 443)) return false
  const { hostname } = new URL(written)
  return wildcard === undefined ? url.hostname === hostname : url.hostname.endsWith(`.${hostname}`)
}

/** The first that are for the host of an https: or wss: URL. */
export function certificatesFor<T extends Pick<HostCertificates, 'host'>>(
  url: URL,
  all: readonly T[] = [],
): T | undefined {
  return all.find(({ host }) => isForHost(host, url))
}

/** RFC 7468 section 11, and the form of OpenSSL before it. */
const ENCRYPTED = /^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m

/** Whether a private key in a PEM text needs a passphrase. */
export function isEncryptedKey(pem: string): boolean {
  return ENCRYPTED.test(pem)
}
