/** The menu of a served session. */
import * as vscode from 'vscode'
import { askChoice, askText, pickOne } from '../ui/asking.ts'
import { describe, type ServeOptions, type Server } from './server.ts'

const SPEEDS = [1, 4, 16, null]

export interface MenuActions {
  restart(how: ServeOptions): Promise<void>
  stop(): Promise<void>
}

/** The only server, or the one that the user picks. Rejects with `CANCELLED`. */
export async function chooseServer(servers: readonly Server[]): Promise<Server> {
  const items = servers.map((server) => ({ label: server.name, description: describe(server), server }))
  return (await pickOne(items, vscode.l10n.t('Served Sessions'))).server
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
    how.match === undefined || how.match === 'content'
      ? {
          label: vscode.l10n.t('$(list-ordered) Answer in the recorded order'),
          run: () => again({ match: 'order' }),
        }
      : {
          label: vscode.l10n.t('$(comment-discussion) Answer clients by what they say'),
          run: () => again({ match: undefined }),
        },
    {
      label: vscode.l10n.t('$(plug) Port…'),
      run: async () => again({ port: await askPort() }),
    },
    { label: vscode.l10n.t('$(debug-stop) Stop serving'), run: stop },
  ]
  const chosen = await askChoice(items, {
    title: `${server.name}: ${describe(server)}`,
    placeHolder: vscode.l10n.t('A change restarts the server at the same address'),
  })
  await chosen?.run()
}

/** Asks for the port to listen on. Rejects with `CANCELLED`. */
async function askPort(): Promise<number> {
  const text = await askText({
    title: vscode.l10n.t('Port'),
    prompt: vscode.l10n.t('A port from 1024 to 65535, for clients with a fixed address'),
    validateInput: (value) =>
      isPort(value) ? undefined : vscode.l10n.t('Enter a whole number from 1024 to 65535.'),
  })
  return Number(text)
}

function isPort(text: string): boolean {
  const port = Number(text)
  return /^\d+$/.test(text.trim()) && port >= 1024 && port <= 65_535
}

function speedName(speed: number | null): string {
  if (speed === null) return vscode.l10n.t('Without waiting')
  return speed === 1 ? vscode.l10n.t('As fast as recorded') : vscode.l10n.t('{0} times as fast', speed)
}

export async function copyUrls(urls: readonly string[]): Promise<void> {
  await vscode.env.clipboard.writeText(urls.join('\n'))
}
