/** Debugs a program whose traffic goes through a recording proxy: a launch configuration of the workspace with the proxy in it. */
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import type { ProxyStatus } from '../../shared/protocol/traffic.ts'
import { pickOne } from '../ui/asking.ts'
import type { Variables } from './environment.ts'
import type { RecentTargets } from './recent-targets.ts'
import { opensTarget, throughProxy } from './through-proxy.ts'
import { variablesFor } from './use-proxy.ts'

/** Asks for a configuration if there are several, and starts it. Rejects with a `Failure`, or with `CANCELLED`. */
export async function debugThrough(proxy: ProxyStatus, recent: RecentTargets): Promise<void> {
  if (!vscode.workspace.isTrusted)
    throw new Failure(
      'NOT_TRUSTED',
      vscode.l10n.t(
        'Debugging runs code of this workspace, which is not trusted. Trust the workspace, or open the URL of the proxy in a browser.',
      ),
    )
  const items = configurations().map(({ folder, configuration }) => ({
    label: configuration.name,
    description: [configuration.type, folder?.name].filter(Boolean).join(' · '),
    folder,
    configuration,
  }))
  if (items.length === 0)
    throw new Failure(
      'NO_CONFIGURATION',
      vscode.l10n.t(
        'The workspace has no launch configuration. Add one to launch.json, or open a terminal with the proxy set.',
      ),
    )
  const { folder, configuration } = await pickOne(items, vscode.l10n.t('Configuration to Debug'))
  const variables: Variables = opensTarget(configuration, proxy) ? {} : await variablesFor(proxy, recent)
  const changed = throughProxy(configuration, proxy, variables)
  if (!(await vscode.debug.startDebugging(folder, changed)))
    throw new Failure(
      'NOT_DEBUGGED',
      vscode.l10n.t('“{0}” did not start. Try it without the proxy first.', configuration.name),
    )
}

/** The configurations that launch a program, of all folders and of the workspace. */
function configurations() {
  const folders: readonly (vscode.WorkspaceFolder | undefined)[] = vscode.workspace.workspaceFolders ?? [
    undefined,
  ]
  return folders.flatMap((folder) => {
    const list: unknown = vscode.workspace.getConfiguration('launch', folder?.uri).get('configurations')
    return (Array.isArray(list) ? list : [])
      .filter(isLaunched)
      .map((configuration) => ({ folder, configuration }))
  })
}

function isLaunched(value: unknown): value is vscode.DebugConfiguration {
  const { type, name, request } = Object(value)
  return typeof type === 'string' && typeof name === 'string' && request === 'launch'
}
