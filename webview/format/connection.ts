/** The name of a connection, and what it is doing, in words. */
import * as l10n from '@vscode/l10n'
import { connectionNames } from '../../src/shared/connection-names.ts'
import { reasonOf } from '../../src/shared/failure.ts'
import type { ConnectionState, ConnectionStatus, RemovedConnection } from '../../src/shared/status.ts'
import type { SeenSource } from '../../src/shared/traffic-source.ts'
import { traitsOf } from '../../src/shared/transports.ts'
import { shortUrl } from '../../src/shared/url.ts'
import { formatCount, formatRate, reconnectCount } from './count.ts'
import { shortLocation } from './source-location.ts'
import { formatCountdown, formatDuration, formatElapsed } from './time.ts'

export { shortUrl } from '../../src/shared/url.ts'

export const STATE_NAMES: Readonly<Record<ConnectionState, string>> = {
  connecting: l10n.t('connecting'),
  open: l10n.t('open'),
  waiting: l10n.t('waiting'),
  closing: l10n.t('closing'),
  closed: l10n.t('closed'),
  failed: l10n.t('failed'),
}

const SEEN: Readonly<Record<SeenSource, string>> = {
  proxy: l10n.t('Opened by a client of the recording proxy'),
  debugger: l10n.t('Opened by the program that is inspected'),
}

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
      if (retry === undefined) return STATE_NAMES.waiting
      return l10n.t('retry {0} in {1}', retry.attempt, formatCountdown(retry.at - now))
    }
    case 'open':
      if (connection.stalled) return l10n.t('reading paused')
      return connection.heldSince === undefined
        ? lasted
        : l10n.t('held {0}', formatElapsed(now - connection.heldSince))
    case 'connecting':
      return l10n.t('connecting {0}', lasted)
    default:
      return STATE_NAMES[connection.state]
  }
}

/** `↓ 48,210 ↑ 12 · 412/s`. Polls add how many responses were empty. */
export function traffic(connection: ConnectionStatus): string {
  const parts = [`↓ ${formatCount(connection.messagesIn)}`]
  if (connection.messagesOut > 0 || connection.canSend) parts.push(`↑ ${formatCount(connection.messagesOut)}`)
  const tail = connection.state === 'open' && connection.rate > 0 ? ` · ${formatRate(connection.rate)}` : ''
  const empty =
    connection.emptyResponses > 0
      ? ` · ${l10n.t('{0} of {1} empty', formatCount(connection.emptyResponses), formatCount(connection.responses))}`
      : ''
  return parts.join(' ') + tail + empty
}

/** Who opened the connection, if another program did. Empty for our own. */
export function seenText({ source, initiator }: ConnectionStatus): string {
  if (source === undefined) return ''
  const by = SEEN[source]
  return initiator === undefined ? by : l10n.t('{0}, at {1}', by, shortLocation(initiator))
}

/** A name for each lane and chip: its transport, and what distinguishes it from the others. */
export function laneNames(connections: readonly RemovedConnection[]): ReadonlyMap<number, string> {
  return connectionNames(connections, ({ transport }) => `${shortTransport(transport)} `)
}

/** What a poll that is being held, and the median of those before, mean. Empty for other connections. */
export function holdText(connection: ConnectionStatus, now: number, hold?: number): string {
  const { state, heldSince } = connection
  return [
    state === 'open' && heldSince !== undefined
      ? l10n.t(
          'The server has held the request for {0}. It answers when there is something new.',
          formatElapsed(now - heldSince),
        )
      : '',
    hold === undefined
      ? ''
      : l10n.t('The server holds half of the requests for more than {0} (p50).', formatDuration(hold)),
  ]
    .filter(Boolean)
    .join('\n')
}

/** One line on what a connection is doing. `hold` is the median time that its polls were held, in milliseconds. */
export function laneState(connection: ConnectionStatus, now: number, hold: number | undefined): string {
  const { state, rate, reconnects, error } = connection
  if (state === 'failed' && error !== undefined) return reasonOf(error)
  if (state !== 'open') return activity(connection, now)
  if (hold !== undefined) return l10n.t('holds ~{0}', formatDuration(hold))
  const doing = rate > 0 ? formatRate(rate) : activity(connection, now)
  return reconnects > 0 ? `${doing} · ${reconnectCount(reconnects)}` : doing
}
