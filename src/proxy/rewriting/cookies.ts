/** Lets cookies of the target be stored for the proxy. */

/** Prefixes whose cookies must be `Secure` (RFC 6265bis section 4.1.3). */
const NEEDS_SECURE = /^\s*__(?:Host|Secure)-/i

function attribute(part: string): { readonly name: string; readonly value: string } {
  const [name = '', ...value] = part.split('=')
  return { name: name.trim().toLowerCase(), value: value.join('=').trim().toLowerCase() }
}

/**
 * A `Set-Cookie` field of the target for a client of the proxy, which knows another host, and which is not encrypted.
 *
 * - `Domain` of the target's host is removed: the cookie then belongs to the host of the proxy.
 * - If the target is encrypted, `Secure` is removed, and with it `SameSite=None` and `Partitioned`, which need it. Cookies
 *   whose name requires `Secure` stay as they are: browsers accept them from this machine.
 */
export function rewriteCookie(value: string, target: URL): string {
  const [pair = '', ...parts] = value.split(';')
  const losesSecure = target.protocol === 'https:' && !NEEDS_SECURE.test(pair)
  const kept = parts.filter((part) => {
    const { name, value: given } = attribute(part)
    if (name === 'domain') return !coversHost(given, target.hostname)
    if (!losesSecure) return true
    return !(name === 'secure' || name === 'partitioned' || (name === 'samesite' && given === 'none'))
  })
  return [pair, ...kept].join(';')
}

/** RFC 6265 section 5.1.3. */
function coversHost(domain: string, host: string): boolean {
  const bare = domain.replace(/^\./, '')
  return host === bare || host.endsWith(`.${bare}`)
}
