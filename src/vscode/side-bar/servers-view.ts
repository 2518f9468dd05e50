/**
 * The view of the servers of this window: served sessions, and recording proxies and attached programs with their connections.
 * The commands of served sessions ask for the server if they have no argument.
 */
import * as vscode from 'vscode'
import type { ProxyStatus } from '../../shared/protocol/traffic.ts'
import type { AttachedPrograms } from '../attach/attached-programs.ts'
import { SIDE_BAR } from '../contributions.ts'
import type { Proxies } from '../proxy/proxies.ts'
import type { Server } from '../serving/server.ts'
import type { Servers } from '../serving/servers.ts'
import type { LiveSession } from '../session/live-session.ts'
import { pickOne } from '../ui/asking.ts'
import { type ConnectionRowOptions, connectionRows } from './connection-rows.ts'
import { programLook, programTooltip } from './program-look.ts'
import { passedLook, proxyLook, proxyTooltip } from './proxy-look.ts'
import { RowTree } from './row-tree.ts'
import { serverLook, serverTooltip } from './server-look.ts'
import { type ListedRow, TreeRow } from './tree-row.ts'

/** A session that is served. */
export class ServerRow extends TreeRow {
  readonly server: Server

  constructor(server: Server) {
    super(SIDE_BAR.servers, `mock ${server.id}`)
    this.server = server
  }
}

/** A recording proxy. */
export class ProxyRow extends TreeRow {
  readonly id: number

  constructor(id: number) {
    super(SIDE_BAR.servers, `proxy ${id}`)
    this.id = id
  }
}

/** What passed through a recording proxy without being recorded. */
class PassedRow extends TreeRow {
  constructor(proxy: number) {
    super(SIDE_BAR.servers, `passed ${proxy}`)
  }
}

/** A program that is attached to. */
export class ProgramRow extends TreeRow {
  /** Its key. */
  readonly program: string

  constructor(program: string) {
    super(SIDE_BAR.servers, `program ${program}`)
    this.program = program
  }
}

export interface ServersViewOptions extends ConnectionRowOptions {
  readonly servers: Servers
  readonly proxies: Proxies
  readonly programs: AttachedPrograms
}

export function showServersView(options: ServersViewOptions): vscode.Disposable {
  const { servers, proxies, programs, session, notifier } = options
  const list = (): ListedRow<TreeRow>[] => [
    ...servers.all.map((server) => ({
      row: new ServerRow(server),
      look: serverLook(server.served),
      tooltip: serverTooltip(server.served),
    })),
    ...proxies.all.map((proxy) => {
      const connections = proxies.connectionsOf(proxy)
      return {
        row: new ProxyRow(proxy.id),
        look: proxyLook(proxy, connections.length),
        tooltip: proxyTooltip(proxy, connections.length),
        children: [...passedRows(proxy), ...connectionRows(options, SIDE_BAR.servers, connections)],
      }
    }),
    ...programs.all.map((program) => {
      const connections = programs.connectionsOf(program)
      return {
        row: new ProgramRow(program.key),
        look: programLook(program, connections.length),
        tooltip: programTooltip(program),
        children: connectionRows(options, SIDE_BAR.servers, connections),
      }
    }),
  ]
  const tree = new RowTree({ id: SIDE_BAR.servers, list, notifier })
  return vscode.Disposable.from(
    tree,
    servers.onChange(tree.update),
    // It has the proxies and the programs.
    session.onStatus(tree.update),
    session.labels.onChange(tree.update),
  )
}

function passedRows(proxy: ProxyStatus): ListedRow<TreeRow>[] {
  if (proxy.passed.requests === 0) return []
  const tooltip = vscode.l10n.t('Requests that passed without being recorded')
  return [{ row: new PassedRow(proxy.id), look: passedLook(proxy), tooltip }]
}

export interface ServerCommandOptions {
  readonly servers: Servers
  readonly session: LiveSession
  /** `preserveFocus` leaves the focus where it is. */
  readonly showPanel: (preserveFocus?: boolean) => void
}

export function serverCommands({ servers, session, showPanel }: ServerCommandOptions) {
  const serverOf = async (argument: unknown): Promise<Server> =>
    argument instanceof ServerRow ? argument.server : await servers.choose()
  const askUrl = async ({ endpoints, name }: Server): Promise<string> => {
    const items = endpoints.map(({ url, transport }) => ({ label: url, description: transport }))
    return (await pickOne(items, name)).label
  }
  return {
    'realtimeInspector.showServers': async (argument: unknown) =>
      await servers.showOptions((await serverOf(argument)).id),
    'realtimeInspector.stopServer': async (argument: unknown) =>
      await servers.stop((await serverOf(argument)).id),
    'realtimeInspector.copyServerUrl': async (argument: unknown) =>
      await vscode.env.clipboard.writeText(await askUrl(await serverOf(argument))),
    'realtimeInspector.connectToServer': async (argument: unknown) => {
      const server = await serverOf(argument)
      const url = await askUrl(server)
      const transport = server.endpoints.find((endpoint) => endpoint.url === url)?.transport
      const id = await session.connect({ url, ...(transport !== undefined && { transport }) })
      showPanel(true)
      return id
    },
  }
}
