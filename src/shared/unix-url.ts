/** URLs that name a Unix socket, as the package `ws` and Got write them: `ws+unix:/run/app.sock:/feed?x=1`. */

/** The scheme under the socket, the path of the socket up to the next colon, and the rest. */
const UNIX_URL = /^(ws|http)(s?)\+unix:(?:\/\/)?(\/[^:?#]*)(?::(\/[^\s]*)?)?$/i

export interface UnixAddress {
  /** The URL of the request, at the host `localhost`. */
  readonly url: string
  readonly socketPath: string
}

/** The specification with such a URL taken apart. */
export function withSocketOfUrl<Spec extends { readonly url: string }>(
  spec: Spec,
): Spec & { readonly socketPath?: string } {
  return { ...spec, ...splitUnixUrl(spec.url) }
}

/** Takes such a URL apart; undefined for any other text. The path of the socket may be percent-encoded. */
export function splitUnixUrl(text: string): UnixAddress | undefined {
  const [, family, s = '', path, rest = '/'] = UNIX_URL.exec(text.trim()) ?? []
  if (family === undefined || path === undefined) return undefined
  const socketPath = decoded(path)
  return socketPath === undefined
    ? undefined
    : { url: `${family.toLowerCase()}${s}://localhost${rest}`, socketPath }
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

/** Whether a text begins as such a URL. */
export function isUnixUrl(text: string): boolean {
  return /^(?:ws|http)s?\+unix:/i.test(text.trim())
}
