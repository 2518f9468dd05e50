/** What stands beside the session on a page: what is served, what was left unsaved, what became of the file. */
import type * as vscode from 'vscode'
import type { Handlers } from '../../shared/protocol/rpc.ts'
import type { PanelMethods } from '../../shared/protocol.ts'
import type { Servers } from '../serving/servers.ts'
import type { RememberedConnections } from '../session/remembered-connections.ts'
import type { UnsavedSessions } from '../session/unsaved-sessions.ts'
import { isCancelled } from '../ui/notifier.ts'
import type { Beside } from './view.ts'

/** Everything that is served, or only what is of one file. */
export function besideServing(servers: Servers, of?: vscode.Uri): Beside {
  return { onChange: servers.onChange, tell: (notify) => notify('served', servers.served(of)) }
}

export function besideUnsaved(unsaved: UnsavedSessions): Beside {
  return { onChange: unsaved.onChange, tell: (notify) => notify('unsaved', unsaved.offered) }
}

/** The connections that may be opened again. */
export function besideReopenable(remembered: RememberedConnections): Beside {
  return {
    onChange: (listener) => remembered.onReopenable(() => listener(undefined)),
    tell: (notify) => notify('reopenable', remembered.offered),
  }
}

export function servingCalls(
  servers: Servers,
): Handlers<Pick<PanelMethods, 'stopServing' | 'servingOptions'>> {
  return {
    stopServing: async ({ id }) => {
      await servers.stop(id)
      return null
    },
    servingOptions: async ({ id }) => {
      await servers.showOptions(id)
      return null
    },
  }
}

export function unsavedCalls(unsaved: UnsavedSessions): Handlers<Pick<PanelMethods, 'chooseUnsaved'>> {
  return {
    chooseUnsaved: async ({ id, choice }) => {
      await unsaved.choose(id, choice).catch((error) => {
        if (!isCancelled(error)) throw error
      })
      return null
    },
  }
}
