/** Recordings served as mock servers, each by a worker of its own; what is served shows in the status bar. */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { TaskClient } from '../engine/tasks/client.ts'
import { Failure } from '../shared/failure.ts'
import type { ServedEndpoint, ServeParams } from '../shared/task-protocol.ts'
import type { CommandId } from './contributions.ts'
import type { EngineSession } from './engine-session.ts'
import type { Notifier } from './notify.ts'
import { extensionOf } from './save-session.ts'

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
}

/** Milliseconds after which a copy must have been left behind by a crash. */
const STALE = 24 * 60 * 60 * 1000

/** One that is served: from a copy of its own where it is no local file. */
class Server {
  readonly name: string
  how: How = AS_RECORDED
  endpoints: readonly ServedEndpoint[] = []
  clients = 0
  readonly #file: ServedFile
  readonly #options: ServingOptions
  readonly #changed: () => void
  #task: TaskClient | undefined

  constructor(name: string, file: ServedFile, options: ServingOptions, changed: () => void) {
    this.name = name
    this.#file = file
    this.#options = options
    this.#changed = changed
  }

  /** Starts it, or starts it again with other options on the port it has. Rejects with a `Failure`. */
  async start(how: How): Promise<readonly string[]> {
    await this.#task?.dispose()
    const [first] = this.endpoints
    const port = first === undefined ? how.port : Number(new URL(first.url).port)
    this.clients = 0
    this.how = { ...how, port }
    const task = new TaskClient(this.#options.script, {
      clients: ({ now }) => {
        this.clients = now
        this.#changed()
      },
      trouble: ({ message }) => this.#options.log.warn(`${this.name}: ${message}`),
      exit: (failure) => void this.#options.notifier.failure(failure),
    })
    this.#task = task
    const { endpoints, notes } = await task.call('serve', { ...this.how, path: this.#file.path })
    this.endpoints = endpoints
    this.#changed()
    return notes
  }

  async stop(): Promise<void> {
    await this.#task?.dispose()
    if (this.#file.isCopy) await rm(this.#file.path, { force: true })
  }
}

export class Servers {
  readonly #options: ServingOptions
  readonly #servers = new Set<Server>()
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

  /** Serves what a session holds now; resolves to the endpoints. Rejects with a `Failure`. */
  async serve(
    name: string,
    session: EngineSession,
    how: Partial<How> = {},
  ): Promise<readonly ServedEndpoint[]> {
    return await this.#serveCopy(name, how, async ({ fsPath: path }) => {
      await session.call('save', { path, reveal: [], aside: true }, 0)
    })
  }

  /** Serves a session file. */
  async serveFile(uri: vscode.Uri, how: Partial<How> = {}): Promise<readonly ServedEndpoint[]> {
    if (extensionOf(uri) === 'har')
      throw new Failure('NOT_A_SESSION', 'A HAR is served from its editor: open it first, then serve it.')
    const name = uri.path.slice(uri.path.lastIndexOf('/') + 1)
    if (uri.scheme === 'file') return await this.#serve(name, { path: uri.fsPath, isCopy: false }, how)
    return await this.#serveCopy(name, how, async (copy) => {
      await vscode.workspace.fs.copy(uri, copy)
    })
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

  async #serveCopy(name: string, how: Partial<How>, copy: (to: vscode.Uri) => Promise<void>) {
    const folder = join(this.#options.storage, 'served')
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await removeStale(folder)
    const path = join(folder, `${randomUUID()}.rtsession`)
    await copy(vscode.Uri.file(path))
    return await this.#serve(name, { path, isCopy: true }, how)
  }

  async #serve(name: string, file: ServedFile, how: Partial<How>): Promise<readonly ServedEndpoint[]> {
    const server = new Server(name, file, this.#options, () => this.#update())
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
      await server.start({ ...how, ...change })
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
    const clients = servers.reduce((sum, server) => sum + server.clients, 0)
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

function describe({ how, clients, endpoints }: Server): string {
  const [first] = endpoints
  const speed = how.speed === null ? 'without waiting' : `×${how.speed}`
  return [
    first === undefined ? '' : new URL(first.url).host,
    speed,
    ...(how.loop ? ['looping'] : []),
    ...(how.outages ? [] : ['no outages']),
    `${clients} ${clients === 1 ? 'client' : 'clients'}`,
  ].join(', ')
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
