/** Whether a rule is muted for a connection. */
import type { MutedRule } from '../shared/protocol/findings.ts'

/** `url` is that of a connection, or empty for the whole session. */
export function isMutedBy(muted: readonly MutedRule[], rule: string, url: string): boolean {
  return muted.some((each) => each.rule === rule && (each.url === undefined || each.url === placeOf(url)))
}

/** Origin and path of a URL, by which a rule is muted. An invalid URL is its own place. */
export function placeOf(url: string): string {
  if (!URL.canParse(url)) return url
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}
