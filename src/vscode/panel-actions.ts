/** What the page asks for, done: reading goes to the engine as it is, acting as the commands do. */
import * as vscode from 'vscode'
import { parseSpec } from '../shared/parse-spec.ts'
import type { Connector } from './connect/connect.ts'
import { readThrough } from './local-file.ts'
import { isCancelled } from './notify.ts'
import type { PanelActions } from './panel.ts'
import { askAndSave, type SaveOptions } from './save-session.ts'

/** A call that took the user too long, or that they gave up, is no failure: `otherwise` is its answer. */
async function unlessCancelled<T>(action: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await action
  } catch (error) {
    if (isCancelled(error)) return otherwise
    throw error
  }
}

async function askFile(): Promise<vscode.Uri | undefined> {
  const [uri] = (await vscode.window.showOpenDialog({ title: 'Send a file', openLabel: 'Send' })) ?? []
  return uri
}

export function panelActions(options: SaveOptions, connector: () => Connector): PanelActions {
  const { session, storage } = options
  return {
    ready: () => ({
      recentUrls: session.memory.recents().map(({ url }) => url),
      trusted: vscode.workspace.isTrusted,
      reopenable: session.memory.reopenable().map(({ url }) => url),
    }),
    previews: (params) => session.call('previews', params),
    detail: (params) => session.call('detail', params),
    connect: async ({ spec }) => {
      const id =
        spec === null
          ? await unlessCancelled(connector().ask(), undefined)
          : await connector().open(parseSpec(spec))
      return id === undefined ? null : { id }
    },
    disconnect: (params) => session.call('disconnect', params),
    reconnect: (params) => session.call('reconnect', params),
    send: (params) => session.call('send', params),
    sendFile: async ({ id }) => {
      const uri = await askFile()
      if (uri === undefined) return { sent: false }
      await readThrough(storage, uri, (file) => session.call('send', { id, message: { file } }, 0))
      return { sent: true }
    },
    clear: () => session.call('clear', null),
    save: async () => {
      await unlessCancelled(askAndSave(options), undefined)
      return null
    },
    copy: async ({ text }) => {
      await vscode.env.clipboard.writeText(text)
      return null
    },
    reopen: async ({ dismiss }) => {
      if (dismiss) await session.memory.settleReopenable()
      else await unlessCancelled(connector().reopen(), undefined)
      return null
    },
  }
}
