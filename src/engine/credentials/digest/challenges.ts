/** Reads the challenges of `WWW-Authenticate` (RFC 9110 section 11.6.1). */
import type { Headers } from '../../../shared/event.ts'

export interface Challenge {
  /** In lower case. */
  readonly scheme: string
  /** Names in lower case. */
  readonly params: ReadonlyMap<string, string>
}

/** More text than any server needs. */
const MAX_LENGTH = 16 * 1024
/** `name=token`, or `name="quoted"`. */
const PARAM = /[\s,]*([!#$%&'*+.^_`|~\w-]{1,64})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))\s*(?:,|$)/y
/** A scheme that stands alone or with a token68 (RFC 9110 section 11.2), or before parameters. */
const SCHEME = /[\s,]*([!#$%&'*+.^_`|~\w-]{1,64})(?:\s*(?:,|$)|\s+[\w.~+/-]+=*\s*(?:,|$)|\s+)/y

/** The challenges in their order. What follows one that cannot be read is left out. */
export function challengesIn(headers: Headers): Challenge[] {
  const entry = Object.entries(headers).find(([name]) => name.toLowerCase() === 'www-authenticate')
  return [entry?.[1] ?? []].flat().flatMap(readChallenges)
}

function readChallenges(field: string): Challenge[] {
  const text = field.slice(0, MAX_LENGTH)
  const challenges: Challenge[] = []
  let at = 0
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match !== null) at = pattern.lastIndex
    return match
  }
  while (at < text.length) {
    const scheme = take(SCHEME)?.[1]
    if (scheme === undefined) break
    const params = new Map<string, string>()
    for (let param = take(PARAM); param !== null; param = take(PARAM)) {
      const [, name = '', quoted, token = ''] = param
      params.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? token)
    }
    challenges.push({ scheme: scheme.toLowerCase(), params })
  }
  return challenges
}
