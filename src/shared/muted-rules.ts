/** Whether a rule is muted for a connection. */
import type { MutedRule } from './protocol/findings.ts'

/** `url` is that of a connection, or empty for the whole session. */
export function isMutedBy(muted: readonly MutedRule[], rule: string, url: string): boolean {
  return muted.some((each) => isMutedByOne(each, rule, url))
}

/** The list without the entries that mute a rule for a connection. */
export function withoutMuted(muted: readonly MutedRule[], rule: string, url: string): readonly MutedRule[] {
  return muted.filter((each) => !isMutedByOne(each, rule, url))
}

function isMutedByOne(muted: MutedRule, rule: string, url: string): boolean {
  return muted.rule === rule && (muted.url === undefined || placeOf(muted.url) === placeOf(url))
}

/** Origin and path of a URL, by which a rule is muted. An invalid URL is its own place. */
export function placeOf(url: string): string {
  if (!URL.canParse(url)) return url
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}
