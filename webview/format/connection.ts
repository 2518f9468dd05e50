/** The name of a connection, and what it is doing, in words. */
import type { ConnectionState, ConnectionStatus } from '../../src/shared/status.ts'
import { traitsOf } from '../../src/shared/transports.ts'
import { shortUrl } from '../../src/shared/url.ts'
import { formatCount, formatRate, plural } from './count.ts'
import { formatCountdown, formatDuration, formatElapsed } from './time.ts'

export { shortUrl } from '../../src/shared/url.ts'

/** `ws`, `sse`, `long-poll`, … */
export function shortTransport(transport: string): string {
  return traitsOf(transport)?.shortName ?? transport
}

/** `ws feed.example/ticker` */
export function connectionName(connection: ConnectionStatus): string {
  return `${shortTransport(connection.transport)} ${shortUrl(connection.url)}`
}

/** Whether there is something to disconnect. */
export function isLive(state: ConnectionState): boolean {
  return state === 'connecting' || state === 'open' || state === 'waiting' || state === 'closing'
}

/** What the connection is doing, and for how long: `2m 13s`, `retry 2 in 1.4 s`, `held 12 s`. */
export function activity(connection: ConnectionStatus, now: number): string {
  const lasted = formatElapsed(now - connection.since)
  switch (connection.state) {
    case 'waiting': {
      const retry = connection.retry
      if (retry === undefined) return 'waiting'
      return `retry ${retry.attempt} in ${formatCountdown(retry.at - now)}`
    }
    case 'open':
      if (connection.stalled) return 'reading paused'
      return connection.heldSince === undefined ? lasted : `held ${formatElapsed(now - connection.heldSince)}`
    case 'connecting':
      return `connecting ${lasted}`
    default:
      return connection.state
  }
}

/** `↓ 48 210 ↑ 12 · 412/s`. Polls add how many responses were empty. */
export function traffic(connection: ConnectionStatus): string {
  const parts = [`↓ ${formatCount(connection.messagesIn)}`]
  if (connection.messagesOut > 0 || connection.canSend) parts.push(`↑ ${formatCount(connection.messagesOut)}`)
  const tail = connection.state === 'open' && connection.rate > 0 ? ` · ${formatRate(connection.rate)}` : ''
  const empty =
    connection.emptyResponses > 0
      ? ` · ${formatCount(connection.emptyResponses)} of ${formatCount(connection.responses)} empty`
      : ''
  return parts.join(' ') + tail + empty
}

/** A name for each lane: transport and end of the path, with more of the URL if two names would be the same. */
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

/** One line on what a connection is doing. `hold` is the median time that its polls were held, in milliseconds. */
export function laneState(connection: ConnectionStatus, now: number, hold: number | undefined): string {
  const { state, rate, reconnects } = connection
  if (state !== 'open') return activity(connection, now)
  if (hold !== undefined) return `hold p50 ${formatDuration(hold)}`
  const doing = rate > 0 ? formatRate(rate) : activity(connection, now)
  return reconnects > 0 ? `${doing} · ${plural(reconnects, 'reconnect')}` : doing
}
