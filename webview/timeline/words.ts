/** The words of the timeline: names of lanes, what they do, what a wait was. */
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { activity, shortTransport, shortUrl } from '../format/connection.ts'
import { formatRate, plural } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'

/** A name a lane: transport and the end of the path, with more of the URL where two would be the same. */
export function laneNames(connections: readonly ConnectionStatus[]): ReadonlyMap<number, string> {
  const short = connections.map(({ transport, url }) => `${shortTransport(transport)} ${lastPart(url)}`)
  const names = countEach(short)
  const urls = countEach(connections.map(({ url }) => url))
  return new Map(
    connections.map(({ id, transport, url }, i) => {
      const name = short[i] ?? ''
      if (names.get(name) === 1) return [id, name]
      const isTwice = (urls.get(url) ?? 0) > 1
      return [id, isTwice ? `${name} (${id})` : `${shortTransport(transport)} ${shortUrl(url)}`]
    }),
  )
}

function countEach(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return counts
}

function lastPart(url: string): string {
  const parsed = URL.parse(url)
  if (parsed === null) return url
  const { pathname, host } = parsed
  return pathname.split('/').findLast((part) => part !== '') ?? host
}

/** One line on what a connection is doing; `hold` is the median time its polls were held, in ms. */
export function laneState(connection: ConnectionStatus, now: number, hold: number | undefined): string {
  const { state, rate, reconnects } = connection
  if (state !== 'open') return activity(connection, now)
  if (hold !== undefined) return `hold p50 ${formatDuration(hold)}`
  const doing = rate > 0 ? formatRate(rate) : activity(connection, now)
  return reconnects > 0 ? `${doing} · ${plural(reconnects, 'reconnect')}` : doing
}

/** What a wait was, of what its event says (`reconnect 1 in 1.4 s · why · …`) and its gap (`3 missed`). */
export interface WaitWords {
  /** On one line, in ever fewer words. */
  readonly lines: readonly string[]
  /** One below the other where no line has room; the first of each that fits, the last one cut. */
  readonly stack: readonly (readonly string[])[]
}

export function waitWords(said: string, lost: string | undefined): WaitWords {
  const [first = '', reason = ''] = said.split(' · ')
  const retry = first.replace(/^reconnect/, 'retry')
  const short = retry.replace(/ in .*$/, '')
  const join = (...parts: (string | undefined)[]) => parts.filter(Boolean).join(' · ')
  return {
    lines: [join(retry, reason, lost), join(short, reason, lost)],
    stack: [[retry, short], [lost ?? ''], [reason]].filter(([text]) => text !== ''),
  }
}
