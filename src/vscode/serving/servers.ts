/** Recordings served as mock servers, each by a worker of its own; what is served shows in the status bar. */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { TaskClient } from '../../engine/tasks/client.ts'
import { Failure } from '../../shared/failure.ts'
import {
  NOTHING_SERVED_YET,
  type ServedEndpoint,
  type ServedSession,
  type ServedState,
} from '../../shared/served.ts'
import type { ServeParams } from '../../shared/task-protocol.ts'
import type { CommandId } from '../contributions.ts'
import { nameOf } from '../files/named-file.ts'
import type { EngineSession } from '../live/engine-session.ts'
import type { Notifier } from '../notify.ts'
import { Recording } from '../recording/session.ts'
import { extensionOf } from '../saving/save-session.ts'

export interface ServingOptions {
  /** Path of the bundle for tasks. */
  readonly script: string
  readonly storage: string
  readonly notifier: Notifier
  readonly log: vscode.LogOutputChannel
}

/** How a session is served; the rest is as recorded. */
export type How = Omit<ServeParams, 'path'>

export const AS_RECORDED: How = { port: 0, speed: 1, loop: false, outages: true, match: 'order' }

const COMMAND: CommandId = 'realtimeInspector.showServers'

interface ServedFile {
  readonly path: string
  readonly isCopy: boolean
  /** The file as its user knows it; undefined for the live session. */
  readonly source: vscode.Uri | undefined
}

/** Milliseconds after which a copy must have been left behind by a crash. */
const STALE = 24 * 60 * 60 * 1000

/** What is told of one that is served. */
interface ServerListener {
  changed(): void
  /** It stopped by itself. */
  ended(failure: Failure): void
}

/** One that is served: from a copy of its own where it is no local file. */
class Server {
  readonly id: number
  readonly name: string
  how: How = AS_RECORDED
  endpoints: readonly ServedEndpoint[] = []
  state: ServedState = NOTHING_SERVED_YET
  #notes: readonly string[] = []
  readonly #file: ServedFile
  readonly #options: ServingOptions
  readonly #listener: ServerListener
  #task: TaskClient | undefined
  #isStopped = false

  constructor(id: number, name: string, file: ServedFile, options: ServingOptions, listener: ServerListener) {
    this.id = id
    this.name = name
    this.#file = file
    this.#options = options
    this.#listener = listener
  }

  get source(): vscode.Uri | undefined {
    return this.#file.source
  }

  get served(): ServedSession {
    const { id, name, endpoints, state } = this
    return { ...state, id, name, endpoints, how: inWords(this.how), notes: this.#notes }
  }

  /** Starts it, or starts it again with other options on the port it has. Rejects with a `Failure`. */
  async start(how: How): Promise<readonly string[]> {
    await this.#task?.dispose()
    if (this.#isStopped) throw notServed()
    const [first] = this.endpoints
    const port = first === undefined ? how.port : Number(new URL(first.url).port)
    this.state = NOTHING_SERVED_YET
    this.how = { ...how, port }
    const task = new TaskClient(this.#options.script, {
      served: (state) => this.#take(state),
      exit: (failure) => this.#listener.ended(failure),
    })
    this.#task = task
    const { endpoints, notes } = await task.call('serve', { ...this.how, path: this.#file.path })
    this.endpoints = endpoints
    this.#notes = notes
    this.#listener.changed()
    return notes
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#task?.dispose()
    if (this.#file.isCopy) await rm(this.#file.path, { force: true })
  }

  /** The log has each kind of trouble once, until it is forgotten for newer ones. */
  #take(state: ServedState): void {
    const known = new Set(this.state.troubles.map(({ text }) => text))
    for (const { text } of state.troubles)
      if (!known.has(text)) this.#options.log.warn(`${this.name}: ${text}`)
    this.state = state
    this.#listener.changed()
  }
}

export class Servers {
  readonly #options: ServingOptions
  readonly #servers = new Set<Server>()
  #lastId = 0
  readonly #changed = new vscode.EventEmitter<void>()
  readonly #item = vscode.window.createStatusBarItem(
    'realtimeInspector.serving',
    vscode.StatusBarAlignment.Left,
  )

  /** What is served, or to how many, is another. */
  readonly onChange = this.#changed.event

  constructor(options: ServingOptions) {
    this.#options = options
    this.#item.name = 'Realtime Inspector: Served Sessions'
    this.#item.command = COMMAND
  }

  /** What is served, as its users see it. */
  get endpoints(): readonly ServedEndpoint[] {
    return [...this.#servers].flatMap(({ endpoints }) => endpoints)
  }

  /** What is served of a file, or all that is. */
  served(of?: vscode.Uri): readonly ServedSession[] {
    const servers = [...this.#servers].filter(
      ({ source }) => of === undefined || source?.toString() === of.toString(),
    )
    return servers.map((server) => server.served)
  }

  /** Serves what a session holds now; resolves to the endpoints. Rejects with a `Failure`. */
  async serve(
    name: string,
    session: EngineSession,
    how: Partial<How> = {},
  ): Promise<readonly ServedEndpoint[]> {
    const source = session instanceof Recording ? session.uri : undefined
    return await this.#serveCopy(name, source, how, async ({ fsPath: path }) => {
      await session.call('save', { path, reveal: [], aside: true }, 0)
    })
  }

  /** Serves a session file or HAR. */
  async serveFile(uri: vscode.Uri, how: Partial<How> = {}): Promise<readonly ServedEndpoint[]> {
    const name = nameOf(uri)
    if (uri.scheme === 'file')
      return await this.#serve(name, { path: uri.fsPath, isCopy: false, source: uri }, how)
    const copy = async (to: vscode.Uri) => await vscode.workspace.fs.copy(uri, to)
    return await this.#serveCopy(name, uri, how, copy, extensionOf(uri))
  }

  /** What can be done with what is served. */
  async show(): Promise<void> {
    const servers = [...this.#servers]
    if (servers.length === 0)
      throw new Failure('NOTHING_SERVED', 'No session is served; use “Serve Session” on one.')
    const [only] = servers
    const chosen =
      servers.length === 1
        ? only
        : (
            await vscode.window.showQuickPick(
              servers.map((server) => ({ label: server.name, description: describe(server), server })),
              { title: 'Served Sessions' },
            )
          )?.server
    if (chosen !== undefined) await this.#menu(chosen)
  }

  /** The same for one of them. */
  async showOptions(id: number): Promise<void> {
    await this.#menu(this.#find(id))
  }

  async stop(id: number): Promise<void> {
    await this.#stop(this.#find(id))
  }

  async stopAll(): Promise<void> {
    const servers = [...this.#servers]
    this.#servers.clear()
    this.#update()
    await Promise.all(servers.map((server) => server.stop()))
  }

  dispose(): void {
    this.#item.dispose()
    this.#changed.dispose()
    this.stopAll().catch((error) => this.#options.notifier.internal(error))
  }

  async #serveCopy(
    name: string,
    source: vscode.Uri | undefined,
    how: Partial<How>,
    copy: (to: vscode.Uri) => Promise<void>,
    extension = 'rtsession',
  ) {
    const folder = join(this.#options.storage, 'served')
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await removeStale(folder)
    const path = join(folder, `${randomUUID()}.${extension}`)
    await copy(vscode.Uri.file(path))
    return await this.#serve(name, { path, isCopy: true, source }, how)
  }

  async #serve(name: string, file: ServedFile, how: Partial<How>): Promise<readonly ServedEndpoint[]> {
    const server = new Server(++this.#lastId, name, file, this.#options, {
      changed: () => this.#update(),
      ended: (failure) => {
        const { notifier } = this.#options
        this.#stop(server)
          .then(() => notifier.failure(failure))
          .catch((error) => notifier.internal(error))
      },
    })
    let notes: readonly string[]
    try {
      notes = await server.start({ ...AS_RECORDED, ...how })
    } catch (error) {
      await server.stop()
      throw error
    }
    this.#servers.add(server)
    this.#update()
    this.#tell(server, notes)
    return server.endpoints
  }

  #tell(server: Server, notes: readonly string[]): void {
    const { notifier } = this.#options
    const urls = server.endpoints.map(({ url }) => url)
    notifier
      .info(
        `Serving ${server.name} at ${urls.slice(0, 3).join(', ')}${urls.length > 3 ? ` and ${urls.length - 3} more` : ''}. ${notes.join(' ')}`.trim(),
        { title: urls.length === 1 ? 'Copy URL' : 'Copy URLs', run: () => copy(urls) },
        { title: 'Options…', run: () => this.#menu(server) },
        { title: 'Stop', run: () => this.#stop(server) },
      )
      .catch((error) => notifier.failure(error))
  }

  async #menu(server: Server): Promise<void> {
    const { how, endpoints } = server
    const again = async (change: Partial<How>) => {
      try {
        await server.start({ ...how, ...change })
      } catch (error) {
        await this.#stop(server)
        throw error
      }
    }
    const speeds = [1, 4, 16, null].filter((speed) => speed !== how.speed)
    const items: (vscode.QuickPickItem & { readonly run: () => Promise<unknown> })[] = [
      ...endpoints.map(({ url, transport }) => ({
        label: `$(copy) ${url}`,
        description: `${transport}, copy`,
        run: () => copy([url]),
      })),
      ...speeds.map((speed) => ({
        label: `$(dashboard) ${speed === null ? 'Without waiting' : speed === 1 ? 'As fast as recorded' : `${speed} times as fast`}`,
        run: () => again({ speed }),
      })),
      {
        label: how.loop ? '$(stop-circle) End where the recording ends' : '$(sync) Start over at the end',
        run: () => again({ loop: !how.loop }),
      },
      {
        label: how.outages ? '$(shield) Leave out the outages' : '$(zap) Play the outages too',
        run: () => again({ outages: !how.outages }),
      },
      { label: '$(debug-stop) Stop serving', run: () => this.#stop(server) },
    ]
    const chosen = await vscode.window.showQuickPick(items, {
      title: `${server.name}: ${describe(server)}`,
      placeHolder: 'A change starts the server again at the same address',
    })
    await chosen?.run()
  }

  #find(id: number): Server {
    for (const server of this.#servers) if (server.id === id) return server
    throw notServed()
  }

  async #stop(server: Server): Promise<void> {
    this.#servers.delete(server)
    this.#update()
    await server.stop()
  }

  #update(): void {
    this.#changed.fire()
    const servers = [...this.#servers]
    if (servers.length === 0) {
      this.#item.hide()
      return
    }
    const clients = servers.reduce((sum, { state }) => sum + state.clients, 0)
    const text = `${clients} ${clients === 1 ? 'client' : 'clients'}`
    this.#item.text = `$(broadcast) ${text}`
    this.#item.tooltip = [
      'Sessions served:',
      ...servers.map((each) => `${each.name}: ${describe(each)}`),
    ].join('\n')
    this.#item.accessibilityInformation = { label: `Realtime Inspector serves sessions to ${text}` }
    this.#item.show()
  }
}

function notServed(): Failure {
  return new Failure('NOT_SERVED', 'It is not served any more; serve it again.')
}

/** "×4, looping, no outages" */
function inWords({ speed, loop, outages }: How): string {
  const pace = speed === null ? 'without waiting' : `×${speed}`
  return [pace, ...(loop ? ['looping'] : []), ...(outages ? [] : ['no outages'])].join(', ')
}

function describe({ how, state: { clients }, endpoints: [first] }: Server): string {
  const host = first === undefined ? '' : `${new URL(first.url).host}, `
  return `${host}${inWords(how)}, ${clients} ${clients === 1 ? 'client' : 'clients'}`
}

async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs > STALE) await rm(path, { force: true })
  }
}

async function copy(urls: readonly string[]): Promise<void> {
  await vscode.env.clipboard.writeText(urls.join('\n'))
}
