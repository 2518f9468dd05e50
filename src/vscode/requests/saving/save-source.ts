/** What is saved as a request: a connection of the live session or of a recording, a recent one, or a specification. */
import * as vscode from 'vscode'
import { parseRecordedSpec } from '../../../request/parse-spec.ts'
import { Failure } from '../../../shared/failure.ts'
import type { SentMessage } from '../../../shared/protocol/requests.ts'
import type { ConnectionSpec } from '../../../shared/spec.ts'
import { chooseConnection } from '../../session/choose-connection.ts'
import { recordingItems } from '../../session/choose-recording.ts'
import type { EngineSession } from '../../session/engine-session.ts'
import type { LiveSession } from '../../session/live-session.ts'
import type { OpenRecordings } from '../../session/open-recordings.ts'
import { askChoice } from '../../ui/asking.ts'
import { cancelled } from '../../ui/notifier.ts'

/** What the user means. */
export type SaveSource =
  | { readonly connection: number }
  | { readonly recent: number }
  | { readonly spec: ConnectionSpec; readonly name?: string }
  | { readonly recording: vscode.Uri; readonly connection?: number }

/** A connection with what it sent. */
export interface SavedConnection {
  /** The connection of the live session. */
  readonly connection?: number
  /** A name to propose; empty for none. */
  readonly name: string
  /** Secrets that are not known are `***`. */
  readonly spec: ConnectionSpec
  readonly sent: readonly SentMessage[]
  /** Number of messages that cannot be kept. */
  readonly omitted: number
}

export interface SourceOptions {
  readonly session: LiveSession
  readonly recordings: OpenRecordings
}

const TITLE = vscode.l10n.t('Save as Request')

/** Rejects with `NO_CONNECTION`, or with `CANCELLED`. */
export async function readSource(options: SourceOptions, source: SaveSource): Promise<SavedConnection> {
  const { session, recordings } = options
  if ('spec' in source) return { name: '', ...source, sent: [], omitted: 0 }
  if ('recent' in source) {
    const spec = session.remembered.recents()[source.recent]
    if (spec === undefined)
      throw new Failure('NO_CONNECTION', vscode.l10n.t('That connection is no longer known. Enter its URL.'))
    return { name: '', spec, sent: [], omitted: 0 }
  }
  if ('recording' in source)
    return await recordings.read(source.recording, async (recording) => {
      // An engine that is made for this starts with a call.
      await recording.call('status', null)
      await wholeFile(recording)
      return await madeBy(recording, source.connection ?? (await chooseIn(recording)))
    })
  const { connection } = source
  const made = await madeBy(session, connection)
  const spec = session.specOf(connection) ?? made.spec
  return { ...made, connection, spec }
}

/** Asks what to save. Rejects with `CANCELLED`. */
export async function askSource({ session, recordings }: SourceOptions): Promise<SaveSource> {
  const { active } = recordings
  if (active !== undefined) return { recording: active.uri }
  const names = session.labels.names()
  const dialog = { title: TITLE, openLabel: vscode.l10n.t('Save') }
  const live = session.connections.map(({ id, transport, url }) => ({
    label: `$(plug) ${id}: ${names.get(id)}`,
    description: `${transport} · ${url}`,
    get: async (): Promise<SaveSource> => ({ connection: id }),
  }))
  const recents = session.remembered.recents().map(({ url }, recent) => ({
    label: `$(history) ${url}`,
    get: async (): Promise<SaveSource> => ({ recent }),
  }))
  const files = recordingItems(recordings, dialog).map((item) => ({
    ...item,
    get: async (): Promise<SaveSource> => ({ recording: await item.get() }),
  }))
  const separator = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator, get: undefined })
  const items = [
    ...live,
    ...(recents.length === 0 ? [] : [separator(vscode.l10n.t('recent')), ...recents]),
    separator(vscode.l10n.t('recordings')),
    ...files,
  ]
  const chosen = await askChoice(items, { title: TITLE, matchOnDescription: true })
  if (chosen?.get === undefined) throw cancelled()
  return await chosen.get()
}

/** Waits until the file has been read. */
export async function wholeFile(recording: EngineSession): Promise<void> {
  const isLoading = () => recording.status === undefined || recording.status.file?.loading !== undefined
  await recording.refresh()
  while (isLoading()) await new Promise<void>((resolve) => once(recording, resolve))
}

function once(recording: EngineSession, next: () => void): void {
  const subscription = recording.onStatus(() => {
    subscription.dispose()
    next()
  })
}

async function chooseIn(recording: EngineSession): Promise<number> {
  const none = vscode.l10n.t('The recording has no connection.')
  return await chooseConnection(recording.labels, recording.connections, TITLE, none)
}

async function madeBy(session: EngineSession, connection: number): Promise<SavedConnection> {
  const { spec: fields, sent, omitted } = await session.call('madeRequest', { connection }, 0)
  return { name: session.labels.nameOf(connection), spec: parseRecordedSpec(fields), sent, omitted }
}
