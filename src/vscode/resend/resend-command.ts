/** The command that sends the messages of a recording to a live peer, as a connection of the live session. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import type { RecordingFile, Resending, Resent } from '../../shared/protocol/resending.ts'
import { wholeConnection } from '../../shared/protocol/saving.ts'
import { maskUrl } from '../../shared/secrets.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { Comparisons } from '../compare/comparisons.ts'
import { nameOf } from '../files/file-names.ts'
import { readThrough } from '../files/local-file.ts'
import { askAndSave } from '../saving/save-session.ts'
import { pickOne, recordingItems } from '../session/choose-recording.ts'
import type { LiveSession } from '../session/live-session.ts'
import type { OpenRecordings } from '../session/open-recordings.ts'
import { withDefaults } from '../settings/settings.ts'
import { messageCount } from '../ui/counts.ts'
import type { Notifier } from '../ui/notifier.ts'
import { plainText } from '../ui/untrusted-text.ts'
import { askPeer, askTiming, chooseSender, TITLE, type Timing } from './ask-resend.ts'
import { outcomeOf, progressOf } from './outcome.ts'
import { readArguments } from './resend-arguments.ts'

export interface ResendOptions {
  readonly session: LiveSession
  readonly recordings: OpenRecordings
  readonly comparisons: Comparisons
  readonly notifier: Notifier
  readonly storage: string
  readonly showPanel: (preserveFocus?: boolean) => void
}

/** What to send, and to which URL. */
interface Job extends Timing {
  readonly connection: number
  readonly spec: ConnectionSpec
}

let ticket = 0

export function resendCommands(options: ResendOptions) {
  return {
    'realtimeInspector.resendSession': async (first: unknown, second: unknown): Promise<Resent> => {
      const given = readArguments(first, second)
      const uri = given.file ?? (await chooseRecording(options.recordings))
      return await readThrough(options.storage, uri, async (file) => {
        const recording = { file, directory: join(options.storage, 'recordings', randomUUID()) }
        const senders = await vscode.window.withProgress(
          {
            location: vscode.ProgressLocation.Window,
            title: plainText(vscode.l10n.t('Reading {0}', nameOf(uri))),
          },
          () => options.session.call('senders', recording, 0),
        )
        const sender = await chooseSender(senders, given.connection)
        const job = {
          connection: sender.connection,
          spec: given.spec ?? (await askPeer(sender)),
          ...(await timingOf(given)),
        }
        const resent = await send(
          options,
          recording,
          job,
          vscode.l10n.t(
            'Sending {0} of {1} to {2}',
            messageCount(sender.messages),
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

async function chooseRecording(recordings: OpenRecordings): Promise<vscode.Uri> {
  const { active } = recordings
  if (active !== undefined) return active.uri
  const dialog = { title: TITLE, openLabel: vscode.l10n.t('Replay') }
  return await (await pickOne(recordingItems(recordings, dialog), dialog.title)).get()
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
  return await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: plainText(title),
      cancellable: true,
    },
    async (progress, token) => {
      let told = 0
      const report = (now: Resending) => {
        const share = (100 * now.sent) / now.of
        progress.report({ message: progressOf(now), increment: share - told })
        told = share
      }
      const subscription = vscode.Disposable.from(
        session.on('resending', (now) => now.ticket === mine && report(now)),
        token.onCancellationRequested(() => {
          session.call('cancelResend', { ticket: mine }).catch((error) => notifier.internal(error))
        }),
      )
      const params = { ...recording, ...how, spec, defaults: withDefaults(spec), ticket: mine }
      return await session.call('resend', params, 0).finally(async () => {
        subscription.dispose()
        await session.refresh()
      })
    },
  )
}

function tell(options: ResendOptions, uri: vscode.Uri, { connection }: Job, resent: Resent): void {
  const { notifier, comparisons } = options
  const { id, failure } = resent
  const actions = [
    {
      title: vscode.l10n.t('Compare with the Recording'),
      run: () => comparisons.compareLive({ uri, connection }, id),
    },
    { title: vscode.l10n.t('Save…'), run: () => askAndSave(options, wholeConnection(id)) },
  ]
  const told =
    failure === undefined
      ? notifier.info(outcomeOf(resent), ...actions)
      : notifier.failure(
          new Failure(failure.code, [failure.message, ...(resent.problems ?? [])].join(' ')),
          ...actions,
        )
  told.catch((error) => notifier.failure(error))
}
