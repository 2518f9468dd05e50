/** Host and port of a URL, as sockets and sentences need them. */

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'http:': 80,
  'ws:': 80,
  'https:': 443,
  'wss:': 443,
  'socks5:': 1080,
  'socks5h:': 1080,
}

/** The host in the form for `net` and `tls`: an IPv6 address without brackets. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1')
}

/** The port, also if it is the default of the scheme. */
export function portOf(url: URL): number {
  return Number(url.port || (DEFAULT_PORTS[url.protocol] ?? 80))
}

/** `host:port` of a URL; `the host` for a text that is not one. */
export function hostAndPort(url: string): string {
  if (!URL.canParse(url)) return 'the host'
  const parsed = new URL(url)
  return `${parsed.hostname}:${portOf(parsed)}`
}

/** The URL of a proxy without its credentials. The standard origin of a URL is only that of schemes that browsers know. */
export function proxyOrigin({ protocol, host }: URL): string {
  return `${protocol}//${host}`
}
