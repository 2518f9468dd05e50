/** Asks about unsaved events when the user closes the panel; the session continues meanwhile. */
import * as vscode from 'vscode'
import { canEnd } from '../../shared/status.ts'
import { formatCount } from '../../shared/text/numbers.ts'
import type { LiveSession } from '../session/live-session.ts'
import { confirmsClose } from '../settings/current-settings.ts'
import { unlessCancelled } from '../ui/notifier.ts'
import { askAndSave, type SaveOptions } from './save-session.ts'

/** What sees the traffic of other programs, and goes on recording until it is stopped. */
interface Sources {
  readonly all: readonly unknown[]
  stopAll(): Promise<void>
}

export interface ClosingOptions extends SaveOptions {
  readonly session: LiveSession
  readonly proxies: Sources
  readonly programs: Sources
  /** `preserveFocus` leaves the focus where it is. */
  readonly showPanel: (preserveFocus: boolean) => void
}

const SAVE: vscode.MessageItem = { title: vscode.l10n.t('Save…') }
const DISCARD: vscode.MessageItem = { title: vscode.l10n.t('Discard') }
const KEEP: vscode.MessageItem = { title: vscode.l10n.t('Keep Running'), isCloseAffordance: true }

/** Whether the session has unsaved events other than attempts to connect. */
function hasUnsaved({ status }: LiveSession): boolean {
  if (status === undefined || status.unsaved === 0) return false
  return status.connections.some(
    ({ messagesIn, messagesOut, responses }) => messagesIn + messagesOut + responses > 0,
  )
}

/** Called when the user has closed the panel. */
export async function onPanelClosed(options: ClosingOptions): Promise<void> {
  const { session, proxies, programs, showPanel } = options
  // The status may be a moment old, and the last message may have arrived since.
  await session.refresh()
  if (!confirmsClose() || !hasUnsaved(session)) return
  const open = session.connections.filter(canEnd).length
  const events = session.status?.unsaved ?? 0
  const answer = await vscode.window.showWarningMessage(
    events === 1
      ? vscode.l10n.t('1 event has not been saved.')
      : vscode.l10n.t('{0} events have not been saved.', formatCount(events)),
    { modal: true, detail: [detail(open), ...sourceDetails(options)].join(' ') },
    SAVE,
    DISCARD,
    KEEP,
  )
  if (answer === SAVE) {
    if (!(await unlessCancelled(askAndSave(options), false))) showPanel(true)
  } else if (answer === DISCARD) {
    await proxies.stopAll()
    await programs.stopAll()
    await Promise.all(session.connections.filter(canEnd).map(({ id }) => session.call('disconnect', { id })))
    await session.call('clear', null)
    await session.refresh()
  }
}

/** Says what becomes of recording proxies and attached programs, as far as there are any. */
function sourceDetails({ proxies, programs }: ClosingOptions): readonly string[] {
  return [
    ...(proxies.all.length === 0
      ? []
      : [vscode.l10n.t('“Discard” also stops the recording proxies, which would go on recording.')]),
    ...(programs.all.length === 0
      ? []
      : [
          vscode.l10n.t(
            '“Discard” also detaches from the programs that are inspected, which would go on being recorded.',
          ),
        ]),
  ]
}

function detail(open: number): string {
  if (open === 0)
    return vscode.l10n.t(
      'The events are kept, and shown again when you open the panel, unless you discard them.',
    )
  return open === 1
    ? vscode.l10n.t(
        'One connection is open, and stays open while you decide. “Discard” closes it and deletes the events. With “Keep Running”, you can open the panel again at any time.',
      )
    : vscode.l10n.t(
        '{0} connections are open, and stay open while you decide. “Discard” closes them and deletes the events. With “Keep Running”, you can open the panel again at any time.',
        open,
      )
}
