/** What the CodeLenses of a request say. Uses of `vscode` only its texts. */
import { l10n } from 'vscode'
import type { OutcomeCounts } from '../../../request/language/outcomes.ts'
import { reasonOf } from '../../../shared/failure.ts'
import type { ScriptStatus } from '../../../shared/request-script.ts'
import type { ConnectionStatus } from '../../../shared/status.ts'
import { formatRate, preciseSpan, timeSpan } from '../../../shared/text/quantities.ts'
import { shortened } from '../../../shared/text/shortened.ts'
import { formatTick } from '../../../shared/ticks.ts'
import { messageCount } from '../../ui/counts.ts'

const MAX_TEXT = 100

/** Text of peers and files in a label: it has no icons and one line. */
export function labelText(text: string): string {
  return shortened(text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').replaceAll('$(', '$ ('), MAX_TEXT)
}

/** What a connection is doing, or how it ended. `now` is the session time in ms. */
export function stateText(status: ConnectionStatus, lastMessage: string | undefined, now: number): string {
  switch (status.state) {
    case 'connecting':
      return `$(circle-outline) ${l10n.t('Connecting')}`
    case 'closing':
      return `$(circle-outline) ${l10n.t('Closing')}`
    case 'waiting':
      return `$(circle-outline) ${waitingText(status, now)}`
    case 'open':
      return `$(circle-filled) ${openText(status, lastMessage, now)}`
    case 'failed':
      return labelText(
        status.error === undefined ? l10n.t('Failed') : l10n.t('Failed: {0}', reasonOf(status.error)),
      )
    case 'closed':
      return endText(status)
  }
}

/** `Open 01:00, 2/s, last EVENT typing` */
function openText(status: ConnectionStatus, lastMessage: string | undefined, now: number): string {
  const { since, rate, stalled } = status
  const parts = [
    l10n.t('Open {0}', formatTick(Math.max(0, now - since), 1000)),
    ...(stalled ? [l10n.t('reading paused')] : rate > 0 ? [formatRate(rate)] : []),
    ...(lastMessage === undefined ? [] : [l10n.t('last {0}', labelText(lastMessage))]),
  ]
  return parts.join(', ')
}

function waitingText({ retry }: ConnectionStatus, now: number): string {
  if (retry === undefined) return l10n.t('Waiting to reconnect')
  return l10n.t(
    'Attempt {0} in {1}: {2}',
    retry.attempt,
    timeSpan(Math.max(0, retry.at - now)),
    labelText(retry.reason),
  )
}

/** `Complete, 6.7 s, 120 messages` */
function endText({ transport, closedBy, openedAt, since, messagesIn }: ConnectionStatus): string {
  const how =
    closedBy !== 'server'
      ? l10n.t('Closed')
      : transport === 'websocket'
        ? l10n.t('Closed by the server')
        : l10n.t('Complete')
  const took = openedAt === undefined ? [] : [timeSpan(Math.max(0, since - openedAt))]
  return [how, ...took, messageCount(messagesIn)].join(', ')
}

/** Where the script of a request is, unless it is done; undefined if there is nothing to say. */
export function scriptText({ done, of, waitsFor, problem }: ScriptStatus): string | undefined {
  if (problem !== undefined) return labelText(problem)
  if (waitsFor === undefined || waitsFor === 'open') return undefined
  const what =
    waitsFor === 'message'
      ? l10n.t('waits for a message')
      : l10n.t('waits for {0}', labelText(waitsFor.variables.join(', ')))
  return l10n.t('step {0} of {1}, {2}', done + 1, of, what)
}

/** `5 of 6 expectations hold` */
export function expectationsText({ held, of, isFinal }: OutcomeCounts): string {
  if (!isFinal) return l10n.t('{0} of {1} expectations hold so far', held, of)
  return held === of && of === 1
    ? l10n.t('1 expectation holds')
    : l10n.t('{0} of {1} expectations hold', held, of)
}

/** What became of a message of the script. */
export interface Answered {
  /** Milliseconds until the answer; undefined while there is none. */
  readonly latency: number | undefined
  readonly hasFailed: boolean
  /** No answer came, or none will. */
  readonly isOver: boolean
}

/** `sent 00:01.200, answered after 126 ms` */
export function sentText(time: number, answered: Answered | undefined): string {
  const sent = l10n.t('sent {0}', formatTick(time, 1))
  if (answered === undefined) return sent
  const { latency, hasFailed, isOver } = answered
  if (latency === undefined) return isOver ? `${sent}, ${l10n.t('no answer')}` : sent
  return `${sent}, ${
    hasFailed
      ? l10n.t('failed after {0}', preciseSpan(latency))
      : l10n.t('answered after {0}', preciseSpan(latency))
  }`
}
