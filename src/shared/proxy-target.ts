/** The target of a reverse proxy. */
import { Failure } from './failure.ts'
import { maskUrl } from './secrets.ts'

/** The origin to pass requests on to; `ws:` and `wss:` mean `http:` and `https:`. Throws a `Failure` `BAD_URL`. */
export function parseTarget(text: string): URL {
  const http = text.replace(/^ws(s?):/i, 'http$1:')
  const url = URL.canParse(http) ? new URL(http) : undefined
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:'
  if (url === undefined || !isHttp || url.href !== `${url.origin}/`)
    throw new Failure(
      'BAD_URL',
      `The target ${maskUrl(text)} is not the origin of a server; it must be like http://localhost:3000, without a path.`,
    )
  return url
}
