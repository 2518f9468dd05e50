/** Replaces origins in header fields. */

/** An origin as it may be written: with its default port, and in the scheme of WebSockets. In lower case. */
export interface OriginForms {
  readonly http: readonly string[]
  readonly webSocket: readonly string[]
}

export function formsOf({ protocol, host, hostname, port }: URL): OriginForms {
  const isSecure = protocol === 'https:'
  const hosts = port === '' ? [`${hostname}:${isSecure ? 443 : 80}`, host] : [host]
  return {
    http: hosts.map((each) => `${isSecure ? 'https' : 'http'}://${each}`),
    webSocket: hosts.map((each) => `${isSecure ? 'wss' : 'ws'}://${each}`),
  }
}

/** Characters after an origin that make it another one. */
const CONTINUES = /[\w.:@-]/

/** Replaces `from`, which is in lower case, where it stands as a whole origin. */
export function replaceOrigin(text: string, from: string, to: string): string {
  const lower = text.toLowerCase()
  let replaced = ''
  let at = 0
  for (;;) {
    const found = lower.indexOf(from, at)
    if (found < 0) return replaced + text.slice(at)
    const end = found + from.length
    const isWhole = !CONTINUES.test(text[end] ?? '')
    replaced += text.slice(at, found) + (isWhole ? to : text.slice(found, end))
    at = end
  }
}
