/** The page's calls that are answered in the same way for live traffic and for recordings. */
import * as vscode from 'vscode'
import type { Handlers } from '../../shared/protocol/rpc.ts'
import type { EngineMethods, PanelMethods } from '../../shared/protocol.ts'
import { explainEvent, explainFinding } from '../agents/explain.ts'
import { type CommandId, EXTENSION_ID, HAS_FILTERED } from '../contributions.ts'
import type { PayloadActions } from '../payload/actions.ts'
import { exportFindings } from '../saving/export-findings.ts'
import { exportReport } from '../saving/export-report.ts'
import { exportTechniques } from '../saving/export-techniques.ts'
import { askAndSave, type SaveOptions } from '../saving/save-session.ts'
import type { Servers } from '../serving/servers.ts'
import type { EngineSession } from '../session/engine-session.ts'
import type { MessageTypes } from '../session/message-types.ts'
import type { SavedFilters } from '../session/saved-filters.ts'
import { unlessCancelled } from '../ui/notifier.ts'
import { askMessageTypes } from './choose-message-types.ts'
import { findingCalls } from './finding-calls.ts'

const GO_TO_CODE: CommandId = 'realtimeInspector.goToCode'

/** What the page can call, except for what the view answers itself. */
export type PageCalls = Handlers<Omit<PanelMethods, 'ping' | 'ready' | 'hold'>>

export interface SessionCallOptions extends SaveOptions {
  readonly filters: SavedFilters
  readonly payloads: PayloadActions
  readonly servers: Servers
  readonly types: MessageTypes
}

/** Handlers that pass calls on to the engine as they are. `timeout` is in ms; 0 for as long as it takes. */
export function forwarded<K extends keyof PanelMethods & keyof EngineMethods>(
  session: EngineSession,
  methods: readonly K[],
  timeout?: number,
) {
  return Object.fromEntries(
    methods.map((method) => [method, (params: never) => session.call(method, params, timeout)]),
  ) as unknown as {
    readonly [M in K]: (params: EngineMethods[M]['params']) => Promise<EngineMethods[M]['result']>
  }
}

/** Asks for message types and decodes a connection by them. Rejects with CANCELLED. */
export async function chooseTypes(
  { session, types }: Pick<SessionCallOptions, 'session' | 'types'>,
  connection: number,
): Promise<void> {
  await types.choose(session, connection, await askMessageTypes(session))
}

export function sessionCalls(options: SessionCallOptions) {
  const { session, filters, payloads, servers, types } = options
  return {
    filter: (params) => {
      void vscode.commands.executeCommand('setContext', HAS_FILTERED, true)
      return session.call('filter', params)
    },
    ...forwarded(session, ['stopFilter', 'statistics', 'paths', 'mark']),
    ...forwarded(session, [
      'previews',
      'detail',
      'related',
      'stream',
      'decoded',
      'decodedBytes',
      'conversation',
      'decoders',
      'seenDecoded',
      'answers',
      'findings',
      'answer',
      'exchanges',
      'latency',
    ]),
    ...forwarded(session, ['report', 'replay', 'techniques'], 0),
    ...findingCalls(session),
    wish: (wish) => session.wish(wish),
    setDecoder: async ({ connection, decoder }) => {
      await session.call('setDecoder', { connection, decoder })
      await types.forget(session, connection)
    },
    chooseMessageTypes: async ({ connection }) => {
      await unlessCancelled(chooseTypes(options, connection), undefined)
    },
    saveFilter: (params) => filters.save(params),
    forgetFilter: ({ name }) => filters.forget(name),
    openPayload: ({ index }) => payloads.open(index),
    comparePayloads: ({ left, right }) => payloads.compare(left, right),
    copyAs: async ({ index, form }) => ({ copied: await payloads.copy(index, form) }),
    savePayload: async ({ index, whole }) => ({ saved: await payloads.save(index, whole) }),
    noteSelection: (selected) => {
      payloads.selected = selected ?? undefined
    },
    save: async ({ part }) => {
      await unlessCancelled(askAndSave(options, part), false)
    },
    labelConnection: (change) => {
      if ('name' in change) session.labels.rename(change.id, change.name)
      else session.labels.paint(change.id, change.color)
    },
    exportFindings: async () => {
      await unlessCancelled(exportFindings(options), false)
    },
    explainEvent: async ({ index }) => void (await explainEvent(session, index)),
    explainFinding: async (which) => void (await explainFinding(session, which)),
    exportReport: async () => {
      await unlessCancelled(exportReport(options), false)
    },
    exportTechniques: async (question) => {
      await unlessCancelled(exportTechniques(options, question), false)
    },
    goToCode: async (location) => {
      await vscode.commands.executeCommand(GO_TO_CODE, location)
    },
    copy: async ({ text }) => await vscode.env.clipboard.writeText(text),
    changeKeys: async () => {
      await vscode.commands.executeCommand('workbench.action.openGlobalKeybindings', `@ext:${EXTENSION_ID}`)
    },
    stopServing: ({ id }) => servers.stop(id),
    servingOptions: ({ id }) => servers.showOptions(id),
  } satisfies Partial<PageCalls>
}
