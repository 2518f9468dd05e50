/** What the side bar shows of a connection. Uses of `vscode` only its texts. */
import { l10n } from 'vscode'
import { reasonOf } from '../../shared/failure.ts'
import { type ConnectionState, type ConnectionStatus, hasEnded } from '../../shared/status.ts'
import { formatDateParts } from '../../shared/text/numbers.ts'
import { byteCount, formatCount, formatRate, timeSpan } from '../../shared/text/quantities.ts'
import type { SeenSource } from '../../shared/traffic-source.ts'
import { isPolling, traitsOf } from '../../shared/transports.ts'
import {
  errorCount,
  findingCount,
  findingsBySeverity,
  messageCount,
  reconnectCount,
  totalOf,
} from '../ui/counts.ts'
import { joined, type RowLook } from './tree-row.ts'

/** What is known of a connection besides its status. */
export interface ConnectionFacts {
  readonly name: string
  /** From 1, as the panel has it. */
  readonly color: number
  /** Errors that the user has not seen. */
  readonly unread: number
  /** Milliseconds between two polls. */
  readonly interval: number | undefined
  /** A request of a file opened it. */
  readonly hasRequest: boolean
}

export const CONNECTION_SCHEME = 'realtime-inspector-connection'

/** The theme color of a color's number. */
export function colorId(color: number): string {
  return `realtimeInspector.connection${color}`
}

/** The shape says what a connection is doing, the color which one it is. */
const ICONS: Readonly<Record<ConnectionState, string>> = {
  connecting: 'loading~spin',
  open: 'circle-filled',
  waiting: 'history',
  closing: 'circle-outline',
  closed: 'circle-outline',
  failed: 'error',
}

const STATES: Readonly<Record<ConnectionState, string>> = {
  connecting: l10n.t('connecting'),
  open: l10n.t('open'),
  waiting: l10n.t('waiting to reconnect'),
  closing: l10n.t('closing'),
  closed: l10n.t('closed'),
  failed: l10n.t('failed'),
}

/** Through what a connection of another program is seen. */
const SEEN: Readonly<Record<SeenSource, string>> = {
  proxy: l10n.t('Opened by a client of the recording proxy'),
  debugger: l10n.t('Opened by the program that is inspected'),
}

export function lookOf(status: ConnectionStatus, facts: ConnectionFacts): RowLook {
  const { id, state, transport, initiator } = status
  const { name, unread } = facts
  const doing = describeConnection(status, facts.interval)
  return {
    label: name,
    description: doing,
    icon: ICONS[state],
    color: state === 'failed' ? 'list.errorForeground' : colorId(facts.color),
    context: [
      'connection',
      hasEnded(status) ? 'ended' : 'live',
      state,
      // Who opened it: what can be done with it depends on that.
      status.source ?? 'own',
      ...(facts.hasRequest ? ['requested'] : []),
      ...(initiator === undefined ? [] : ['coded']),
    ].join(' '),
    spoken: [
      name,
      traitsOf(transport)?.label,
      STATES[state],
      doing,
      ...(unread > 0 ? [unreadText(unread)] : []),
    ]
      .filter((part, at, all) => part !== undefined && all.indexOf(part) === at)
      .join(', '),
    command: 'realtimeInspector.revealConnection',
    decorated: `${CONNECTION_SCHEME}:/${id}`,
  }
}

/** What it is doing, and what was found: `2/s · 1 reconnect · 2 findings`, `every 2 s`, `complete`. `interval` is that of its polls, in milliseconds. */
export function describeConnection(status: ConnectionStatus, interval: number | undefined): string {
  const { reconnects, findings } = status
  return joined(
    doing(status, interval),
    reconnects > 0 ? reconnectCount(reconnects) : '',
    findings === undefined ? '' : findingCount(totalOf(findings)),
  )
}

function doing(status: ConnectionStatus, interval: number | undefined): string {
  const { state, retry, error, rate } = status
  switch (state) {
    case 'waiting':
      return retry === undefined ? STATES.waiting : l10n.t('retry {0}', retry.attempt)
    case 'failed':
      return error === undefined ? STATES.failed : withoutHost(reasonOf(error))
    case 'closed':
      return ending(status)
    case 'open':
      if (status.stalled) return l10n.t('reading paused')
      if (interval !== undefined) return l10n.t('every {0}', intervalText(interval))
      return rate > 0 ? formatRate(rate) : STATES.open
    default:
      return STATES[state]
  }
}

/** The name of the connection says to which host it is. */
function withoutHost(reason: string): string {
  return reason.replace(/^[^\s:]{1,255}:\d{1,5} (?=\w)/, '')
}

function intervalText(ms: number): string {
  return ms % 1000 === 0 ? `${formatCount(ms / 1000)} s` : timeSpan(ms)
}

/** A response that ends is complete; a WebSocket is closed by one of the two sides. */
function ending({ transport, closedBy }: ConnectionStatus): string {
  if (closedBy !== 'server') return STATES.closed
  return transport === 'websocket' ? l10n.t('closed by the server') : l10n.t('complete')
}

export function unreadText(count: number): string {
  return l10n.t('{0} not seen yet', errorCount(count))
}

/** The hover, as plain text. `startedAt` is the time at which the session began. */
export function connectionTooltip(
  status: ConnectionStatus,
  startedAt: string,
  { unread }: ConnectionFacts,
): string {
  const { url, state, transport, since, retry, speaking, responses, emptyResponses, reconnects } = status
  const { error, lastError = error, errors = 0 } = status
  const name = traitsOf(transport)?.label
  const at = timeOf(startedAt, since)
  const traffic = [
    l10n.t('Received: {0}, {1}', messageCount(status.messagesIn), byteCount(status.bytesIn)),
    ...(status.messagesOut > 0 || status.canSend
      ? [l10n.t('Sent: {0}, {1}', messageCount(status.messagesOut), byteCount(status.bytesOut))]
      : []),
    ...(isPolling(transport)
      ? [l10n.t('Responses: {0}, {1} of them empty', formatCount(responses), formatCount(emptyResponses))]
      : []),
  ]
  return [
    url,
    [name, at === '' ? STATES[state] : l10n.t('{0} since {1}', STATES[state], at)].filter(Boolean).join(', '),
    ...(status.source === undefined ? [] : [SEEN[status.source]]),
    ...(speaking === undefined ? [] : [l10n.t('Speaks {0}', speaking.protocol)]),
    ...traffic,
    ...(reconnects > 0 ? [reconnectCount(reconnects)] : []),
    ...(state === 'waiting' && retry !== undefined
      ? [l10n.t('Reconnects because of: {0}', retry.reason)]
      : []),
    ...(unread > 0 ? [unreadText(unread)] : []),
    ...(status.findings === undefined ? [] : [findingsBySeverity(status.findings)]),
    ...(lastError === undefined
      ? []
      : [errors > 1 ? l10n.t('Last of {0} errors: {1}', formatCount(errors), lastError) : lastError]),
  ].join('\n')
}

/** The local time of a session time: `14:02:11`. Empty if the start is not a date. */
function timeOf(startedAt: string, ms: number): string {
  const at = Date.parse(startedAt) + ms
  return Number.isNaN(at) ? '' : formatDateParts(at, { timeStyle: 'medium' })
}
