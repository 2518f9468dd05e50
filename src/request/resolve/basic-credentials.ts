/** `Authorization: Basic USER PASSWORD`, as people write it in files of requests. */
import { latin1 } from '../../shared/text/decode.ts'

/**
 * The credentials of RFC 7617 for a user and a password after `Basic`, with white space or a colon between them;
 * undefined if the value is something else, such as credentials that are encoded already.
 */
export function basicCredentials(value: string): string | undefined {
  const [, rest] = /^basic[ \t]+(\S.*)$/i.exec(value) ?? []
  if (rest === undefined) return undefined
  const at = rest.search(/[ \t:]/)
  if (at <= 0) return undefined
  const [user, password] = [rest.slice(0, at), rest.slice(at + 1).trim()]
  return btoa(latin1(new TextEncoder().encode(`${user}:${password}`)))
}
