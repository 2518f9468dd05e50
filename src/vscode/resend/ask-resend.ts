/** Asks how to send a recording to a live peer: which connection, to which URL, how fast. */
import * as vscode from 'vscode'
import { hasMask } from '../../request/remembered.ts'
import { Failure, problemOf } from '../../shared/failure.ts'
import type { ResendPace, Sender } from '../../shared/protocol/resending.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { parseUrl } from '../../shared/url.ts'
import { askSecrets } from '../connect/ask-secrets.ts'
import { askText, pickOne } from '../ui/asking.ts'
import { messageCount } from '../ui/counts.ts'
import { plainText } from '../ui/untrusted-text.ts'
import { peerAt, transportOf } from './peer.ts'

export const TITLE = vscode.l10n.t('Replay Against a Live Server')

export interface Timing {
  readonly pace: ResendPace
  /** Times as fast as recorded; null does not wait. */
  readonly speed: number | null
}

const TIMINGS: readonly (vscode.QuickPickItem & Timing)[] = [
  { label: vscode.l10n.t('$(history) As recorded'), pace: 'time', speed: 1 },
  { label: vscode.l10n.t('$(dashboard) 4 times as fast'), pace: 'time', speed: 4 },
  { label: vscode.l10n.t('$(dashboard) 16 times as fast'), pace: 'time', speed: 16 },
  { label: vscode.l10n.t('$(zap) Without waiting'), pace: 'time', speed: null },
  {
    label: vscode.l10n.t('$(comment-discussion) As fast as answers arrive'),
    description: vscode.l10n.t('sends each message after as many answers as in the recording'),
    pace: 'answers',
    speed: 1,
  },
]

/**
 * The recorded connection of that number, the only one, or those that the user picks: one or all. Throws `NOTHING_TO_SEND`
 * or `CANCELLED`.
 */
export async function chooseSenders(
  senders: readonly Sender[],
  connection?: number | 'all',
): Promise<readonly Sender[]> {
  if (connection === 'all') return senders
  if (connection === undefined) {
    const items = senders.map((sender) => ({
      label: `${sender.connection}: ${sender.url ?? vscode.l10n.t('its start is not in the recording')}`,
      description: messageCount(sender.messages),
      senders: [sender],
    }))
    const all = {
      label: vscode.l10n.t('All connections, at their recorded times'),
      description: messageCount(countOf(senders)),
      senders: [...senders],
    }
    const choices = senders.length > 1 ? [...items, all] : items
    return (await pickOne(choices, vscode.l10n.t('{0}: which connection to replay?', TITLE))).senders
  }
  const sender = senders.find((each) => each.connection === connection)
  if (sender === undefined)
    throw new Failure(
      'NOTHING_TO_SEND',
      vscode.l10n.t(
        'Connection {0} of the session sent no messages; name one of {1}.',
        connection,
        senders.map((each) => each.connection).join(', '),
      ),
    )
  return [sender]
}

/** Number of messages and requests. */
export function countOf(senders: readonly Sender[]): number {
  return senders.reduce((sum, { messages }) => sum + messages, 0)
}

/** Asks for the URL and for its secrets. Throws `CANCELLED`. */
export async function askPeer(sender: Sender): Promise<ConnectionSpec> {
  const typed = await askText({
    title: TITLE,
    prompt: vscode.l10n.t('The URL to send to'),
    value: sender.url ?? '',
    validateInput: (text) => plainText(problemOf(() => parseUrl(text.trim(), transportOf(sender))) ?? ''),
  })
  const spec = peerAt(typed.trim(), sender)
  return hasMask(spec) ? await askSecrets(spec) : spec
}

/** Asks when to send each message. Throws `CANCELLED`. */
export async function askTiming(): Promise<Timing> {
  const { pace, speed } = await pickOne(TIMINGS, vscode.l10n.t('{0}: when to send each message?', TITLE))
  return { pace, speed }
}
