/** How a connection is named and what it is doing, in words. */
import type { ConnectionState, ConnectionStatus } from '../../src/shared/status.ts'
import { traitsOf } from '../../src/shared/transports.ts'
import { formatCount, formatRate } from './count.ts'
import { formatCountdown, formatElapsed } from './time.ts'

/** `ws`, `sse`, `long-poll`, … */
export function shortTransport(transport: string): string {
  return traitsOf(transport)?.shortName ?? transport
}

/** Host and path of a URL, with its query, without what every URL has. */
export function shortUrl(url: string): string {
  const parsed = URL.parse(url)
  if (parsed === null) return url
  const path = parsed.pathname === '/' ? '' : parsed.pathname
  return `${parsed.host}${path}${parsed.search}`
}

/** `ws feed.example/ticker` */
export function connectionName(connection: ConnectionStatus): string {
  return `${shortTransport(connection.transport)} ${shortUrl(connection.url)}`
}

/** Whether there is something to disconnect. */
export function isLive(state: ConnectionState): boolean {
  return state === 'connecting' || state === 'open' || state === 'waiting' || state === 'closing'
}

/** What it is doing now, and for how long: `2m 13s`, `retry 2 in 1.4 s`, `held 12 s`. */
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

/** `↓ 48 210 ↑ 12 · 412/s`; polls add how many answers brought nothing. */
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
