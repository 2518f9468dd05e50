/** URLs of the proxies that connections go through. */

const SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'socks5:', 'socks5h:'])

/** Whether a text is the URL of a proxy that can be used: HTTP, HTTPS, or SOCKS 5 (`socks5h:` if the proxy looks up names). */
export function isProxyUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return SCHEMES.has(protocol) && hostname !== ''
}
