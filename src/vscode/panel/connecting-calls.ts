/** How the live panel's page connects. */
import * as vscode from 'vscode'
import { parseSpec } from '../../request/parse-spec.ts'
import { hasMask } from '../../request/remembered.ts'
import type { ConnectingMethods, RecentConnection } from '../../shared/protocol/connecting.ts'
import type { Handlers } from '../../shared/protocol/rpc.ts'
import type { Connector } from '../connect/connect.ts'
import type { ConnectionForm } from '../connect/form.ts'
import type { CommandId } from '../contributions.ts'
import type { ListedRecording, RecordingIndex } from '../files/recording-index.ts'
import type { Presets } from '../presets/presets.ts'
import type { KeptSecrets } from '../session/kept-secrets.ts'
import type { LiveSession } from '../session/live-session.ts'
import { unlessCancelled } from '../ui/notifier.ts'

export interface ConnectingCallOptions {
  readonly session: LiveSession
  readonly connector: Connector
  readonly presets: () => Promise<Presets>
  readonly kept: KeptSecrets
  readonly recordingIndex: RecordingIndex
  /** Id of the walkthrough; undefined if there is none. */
  readonly walkthrough: string | undefined
  readonly form: ConnectionForm
}

/** Recordings that a page lists. */
const MAX_RECORDINGS = 6

const OPEN: CommandId = 'realtimeInspector.openSession'

export function connectingCalls(options: ConnectingCallOptions): Handlers<ConnectingMethods> {
  const { session, connector, kept, walkthrough, form } = options
  const { remembered } = session
  let found: readonly ListedRecording[] = []
  const connected = async (opening: Promise<number | undefined>) => {
    const id = await unlessCancelled(opening, undefined)
    return id === undefined ? null : { id }
  }
  const recents = async (): Promise<readonly RecentConnection[]> =>
    await Promise.all(
      remembered.recentEntries().map(async (entry) => ({
        ...entry,
        asks: hasMask(entry.spec) && (await kept.of(entry.spec)) === undefined,
      })),
    )
  return {
    connect: ({ spec }) => connected(spec === null ? connector.ask() : connector.recall(parseSpec(spec))),
    connectAs: ({ id, transport, insecure }) => connected(connector.openAs(id, { transport, insecure })),
    recents,
    connectRecent: ({ recent }) => connected(connector.openRecent(recent)),
    forgetRecent: async ({ recent }) => {
      await remembered.forgetRecent(connector.specOf({ recent }))
      return await recents()
    },
    presets: async () => (await options.presets()).list(),
    connectPreset: async ({ preset }) =>
      await connected((await options.presets()).connect(preset ?? undefined)),
    recordings: async () => {
      found = await options.recordingIndex.newest(MAX_RECORDINGS)
      return found.map(({ path, size, modified, known: { summary } = {} }) => ({
        ...{ path, size, modified },
        ...(summary !== undefined && { connections: summary.connections, duration: summary.duration }),
      }))
    },
    openRecording: async ({ recording }) => {
      const uri = recording === null ? undefined : found[recording]?.uri
      await vscode.commands.executeCommand(OPEN, ...(uri === undefined ? [] : [uri]))
    },
    openWalkthrough: async () => {
      if (walkthrough !== undefined)
        await vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false)
    },
    openForm: ({ source }) => form.open(source),
    chooseFile: ({ form: id, use }) => form.chooseFile(id, use),
    connectForm: (params) => connected(form.connect(params)),
    forgetSecrets: ({ form: id }) => form.forget(id),
  }
}
