/** The command that sends the messages of a recording to a live peer, as a connection of the live session. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import type { RecordingFile, Resent } from '../../shared/protocol/resending.ts'
import { wholeConnection } from '../../shared/protocol/saving.ts'
import { maskUrl } from '../../shared/secrets.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { Comparisons } from '../compare/comparisons.ts'
import { nameOf } from '../files/file-names.ts'
import { readThrough } from '../files/local-file.ts'
import { askAndSave, type SaveOptions } from '../saving/save-session.ts'
import { chooseRecording } from '../session/choose-recording.ts'
import type { LiveSession } from '../session/live-session.ts'
import type { OpenRecordings } from '../session/open-recordings.ts'
import { withDefaults } from '../settings/current-settings.ts'
import { withProgress } from '../ui/cancelling.ts'
import { messageCount } from '../ui/counts.ts'
import { plainText } from '../ui/untrusted-text.ts'
import { askPeer, askTiming, chooseSenders, countOf, TITLE, type Timing } from './ask-resend.ts'
import { outcomeOf, progressOf } from './outcome.ts'
import { readArguments } from './resend-arguments.ts'

export interface ResendOptions extends SaveOptions {
  readonly session: LiveSession
  readonly recordings: OpenRecordings
  readonly comparisons: Comparisons
  /** `preserveFocus` leaves the focus where it is. */
  readonly showPanel: (preserveFocus?: boolean) => void
}

/** What to send, and to which URL. */
interface Job extends Timing {
  /** Undefined for all connections. */
  readonly connection: number | undefined
  readonly spec: ConnectionSpec
}

let ticket = 0

export function resendCommands(options: ResendOptions) {
  return {
    'realtimeInspector.resendSession': async (first: unknown, second: unknown): Promise<Resent> => {
      const given = readArguments(first, second)
      const dialog = { title: TITLE, openLabel: vscode.l10n.t('Replay') }
      const { recordings } = options
      const uri = given.file ?? recordings.active?.uri ?? (await chooseRecording(recordings, dialog))
      return await readThrough(options.storage, uri, async (file) => {
        const recording = { file, directory: join(options.storage, 'recordings', randomUUID()) }
        const senders = await vscode.window.withProgress(
          {
            location: vscode.ProgressLocation.Window,
            title: plainText(vscode.l10n.t('Reading {0}', nameOf(uri))),
          },
          () => options.session.call('senders', recording, 0),
        )
        const chosen = await chooseSenders(senders, given.connection)
        const [first] = chosen
        if (first === undefined) throw new RangeError('No connection was chosen.')
        const job = {
          connection: chosen.length === 1 ? first.connection : undefined,
          spec: given.spec ?? (await askPeer(first)),
          ...(await timingOf(given)),
        }
        const resent = await send(
          options,
          recording,
          job,
          vscode.l10n.t(
            'Sending {0} of {1} to {2}',
            messageCount(countOf(chosen)),
            nameOf(uri),
            maskUrl(job.spec.url),
          ),
        )
        tell(options, uri, job, resent)
        return resent
      })
    },
  }
}

/** With a URL but without a pace or a speed, messages are sent as recorded. */
async function timingOf({ spec, pace, speed }: ReturnType<typeof readArguments>): Promise<Timing> {
  if (pace === 'answers' && speed !== undefined)
    throw new Failure(
      'BAD_ARGUMENT',
      vscode.l10n.t(
        'The pace “answers” has no speed, because answers decide when a message is sent; give either the pace or a speed.',
      ),
    )
  if (spec === undefined && pace === undefined && speed === undefined) return await askTiming()
  return { pace: pace ?? 'time', speed: speed === undefined ? 1 : speed }
}

/** Sends with a notification that shows the progress and can cancel. */
async function send(
  { session, notifier, showPanel }: ResendOptions,
  recording: RecordingFile,
  { spec, ...how }: Job,
  title: string,
): Promise<Resent> {
  const mine = ++ticket
  showPanel(true)
  return await withProgress(
    title,
    async (report) => {
      const subscription = session.on('resending', (now) => {
        if (now.ticket === mine) report((100 * now.sent) / now.of, progressOf(now))
      })
      const params = { ...recording, ...how, spec, defaults: withDefaults(spec), ticket: mine }
      return await session.call('resend', params, 0).finally(async () => {
        subscription.dispose()
        await session.refresh()
      })
    },
    () => session.call('cancelResend', { ticket: mine }).catch((error) => notifier.internal(error)),
  )
}

function tell(options: ResendOptions, uri: vscode.Uri, { connection }: Job, resent: Resent): void {
  const { notifier, comparisons } = options
  const { id, failure } = resent
  const actions =
    connection === undefined
      ? []
      : [
          {
            title: vscode.l10n.t('Compare with the Recording'),
            run: () => comparisons.compareLive({ uri, connection }, id),
          },
          { title: vscode.l10n.t('Save…'), run: () => askAndSave(options, wholeConnection(id)) },
        ]
  if (failure === undefined) notifier.info(outcomeOf(resent), ...actions)
  else {
    const sentences = [failure.message, ...(resent.problems ?? [])]
    notifier.failure(new Failure(failure.code, sentences.join(' ')), ...actions)
  }
}
