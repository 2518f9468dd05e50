/** The page's calls that are answered in the same way for live traffic and for recordings. */
import * as vscode from 'vscode'
import type { Handlers } from '../../shared/protocol/rpc.ts'
import type { EngineMethods, PanelMethods } from '../../shared/protocol.ts'
import type { PayloadActions } from '../payload/actions.ts'
import { askAndSave, type SaveOptions } from '../saving/save-session.ts'
import type { Servers } from '../serving/servers.ts'
import type { EngineSession } from '../session/engine-session.ts'
import type { SavedFilters } from '../session/saved-filters.ts'
import { isCancelled } from '../ui/notifier.ts'

/** What the page can call, except for what the view answers itself. */
export type PageCalls = Handlers<Omit<PanelMethods, 'ping' | 'ready' | 'hold'>>

export interface SessionCallOptions extends SaveOptions {
  readonly filters: SavedFilters
  readonly payloads: PayloadActions
  readonly servers: Servers
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

/** The result of `action`, or `otherwise` if the user cancelled it, which is not a failure. */
export async function unlessCancelled<T, O>(action: Promise<T>, otherwise: O): Promise<T | O> {
  try {
    return await action
  } catch (error) {
    if (isCancelled(error)) return otherwise
    throw error
  }
}

export function sessionCalls(options: SessionCallOptions) {
  const { session, filters, payloads, servers } = options
  return {
    ...forwarded(session, ['filter', 'stopFilter', 'statistics', 'paths', 'mark']),
    ...forwarded(session, ['previews', 'detail', 'related', 'stream']),
    ...forwarded(session, ['report', 'replay'], 0),
    saveFilter: (params) => filters.save(params),
    forgetFilter: ({ name }) => filters.forget(name),
    openPayload: async ({ index }) => {
      await payloads.open(index)
      return null
    },
    comparePayloads: async ({ left, right }) => {
      await payloads.compare(left, right)
      return null
    },
    copyAs: async ({ index, form }) => ({ copied: await payloads.copy(index, form) }),
    savePayload: async ({ index, whole }) => ({ saved: await payloads.save(index, whole) }),
    noteSelection: (selected) => {
      payloads.selected = selected ?? undefined
      return null
    },
    save: async ({ part }) => {
      await unlessCancelled(askAndSave(options, part), false)
      return null
    },
    copy: async ({ text }) => {
      await vscode.env.clipboard.writeText(text)
      return null
    },
    stopServing: async ({ id }) => {
      await servers.stop(id)
      return null
    },
    servingOptions: async ({ id }) => {
      await servers.showOptions(id)
      return null
    },
  } satisfies Partial<PageCalls>
}
