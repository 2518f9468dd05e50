/** The menu of a served session. */
import * as vscode from 'vscode'
import { asking } from '../ui/asking.ts'
import { describe, type ServeOptions, type Server } from './server.ts'

const SPEEDS = [1, 4, 16, null]

export interface MenuActions {
  restart(how: ServeOptions): Promise<void>
  stop(): Promise<void>
}

/** The only server, or the one that the user picks; undefined if the user cancels. */
export async function chooseServer(servers: readonly Server[]): Promise<Server | undefined> {
  if (servers.length === 1) return servers[0]
  const items = servers.map((server) => ({ label: server.name, description: describe(server), server }))
  return (await asking(() => vscode.window.showQuickPick(items, { title: vscode.l10n.t('Served Sessions') })))
    ?.server
}

/** Shows the menu, and does what the user picks. */
export async function showMenu(server: Server, { restart, stop }: MenuActions): Promise<void> {
  const { how, endpoints } = server
  const again = (change: Partial<ServeOptions>) => restart({ ...how, ...change })
  const items: (vscode.QuickPickItem & { readonly run: () => Promise<void> })[] = [
    ...endpoints.map(({ url, transport }) => ({
      label: `$(copy) ${url}`,
      description: vscode.l10n.t('{0}, copy', transport),
      run: () => copyUrls([url]),
    })),
    ...SPEEDS.filter((speed) => speed !== how.speed).map((speed) => ({
      label: `$(dashboard) ${speedName(speed)}`,
      run: () => again({ speed }),
    })),
    {
      label: how.loop
        ? vscode.l10n.t('$(stop-circle) End when the recording ends')
        : vscode.l10n.t('$(sync) Start over at the end'),
      run: () => again({ loop: !how.loop }),
    },
    {
      label: how.outages
        ? vscode.l10n.t('$(shield) Omit the outages')
        : vscode.l10n.t('$(zap) Play the outages too'),
      run: () => again({ outages: !how.outages }),
    },
    { label: vscode.l10n.t('$(debug-stop) Stop serving'), run: stop },
  ]
  const chosen = await asking(() =>
    vscode.window.showQuickPick(items, {
      title: `${server.name}: ${describe(server)}`,
      placeHolder: vscode.l10n.t('A change restarts the server at the same address'),
    }),
  )
  await chosen?.run()
}

function speedName(speed: number | null): string {
  if (speed === null) return vscode.l10n.t('Without waiting')
  return speed === 1 ? vscode.l10n.t('As fast as recorded') : vscode.l10n.t('{0} times as fast', speed)
}

export async function copyUrls(urls: readonly string[]): Promise<void> {
  await vscode.env.clipboard.writeText(urls.join('\n'))
}
