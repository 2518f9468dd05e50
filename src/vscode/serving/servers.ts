/** The served sessions of this window: each is a mock server. */
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import type { ServedEndpoint, ServedSession } from '../../shared/protocol/served.ts'
import { extensionOf, nameOf } from '../files/file-names.ts'
import type { EngineSession } from '../session/engine-session.ts'
import { RecordingSession } from '../session/recording-session.ts'
import { makeCopy } from './copies.ts'
import { chooseServer, copyUrls, showMenu } from './menu.ts'
import {
  AS_RECORDED,
  notServed,
  type ServedFile,
  type ServeOptions,
  Server,
  type ServingOptions,
} from './server.ts'

/** Maximum number of URLs in a notification. */
const MAX_LISTED = 3

export class Servers {
  readonly #options: ServingOptions
  readonly #servers = new Set<Server>()
  #lastId = 0
  readonly #changed = new vscode.EventEmitter<void>()

  /** The served sessions or their clients have changed. */
  readonly onChange = this.#changed.event

  constructor(options: ServingOptions) {
    this.#options = options
  }

  get all(): readonly Server[] {
    return [...this.#servers]
  }

  /** The endpoints of all served sessions. */
  get endpoints(): readonly ServedEndpoint[] {
    return this.all.flatMap(({ endpoints }) => endpoints)
  }

  /** The served sessions of a recording, or all of them. */
  served(of?: vscode.Uri): readonly ServedSession[] {
    const servers = this.all.filter(({ source }) => of === undefined || source?.toString() === of.toString())
    return servers.map((server) => server.served)
  }

  /** Serves a session as it is now, and resolves to the endpoints. Rejects with a `Failure`. */
  async serve(
    name: string,
    session: EngineSession,
    how: Partial<ServeOptions> = {},
  ): Promise<readonly ServedEndpoint[]> {
    const source = session instanceof RecordingSession ? session.uri : undefined
    return await this.#serveCopy(name, source, how, async ({ fsPath: path }) => {
      await session.call('save', { path, reveal: [], aside: true }, 0)
    })
  }

  /** Serves a session file or a HAR file. */
  async serveFile(uri: vscode.Uri, how: Partial<ServeOptions> = {}): Promise<readonly ServedEndpoint[]> {
    const name = nameOf(uri)
    if (uri.scheme === 'file')
      return await this.#serve(name, { path: uri.fsPath, isCopy: false, source: uri }, how)
    const copy = async (to: vscode.Uri) => await vscode.workspace.fs.copy(uri, to)
    return await this.#serveCopy(name, uri, how, copy, extensionOf(uri))
  }

  /** The only server, or the one that the user picks. Rejects with `NOTHING_SERVED` or `CANCELLED`. */
  async choose(): Promise<Server> {
    if (this.#servers.size === 0)
      throw new Failure(
        'NOTHING_SERVED',
        vscode.l10n.t('No session is being served. Use “Serve Session as Mock Server” first.'),
      )
    return await chooseServer(this.all)
  }

  /** Shows the menu of one served session. */
  async showOptions(id: number): Promise<void> {
    await this.#menu(this.#find(id))
  }

  async stop(id: number): Promise<void> {
    await this.#stop(this.#find(id))
  }

  async stopAll(): Promise<void> {
    const servers = this.all
    this.#servers.clear()
    this.#update()
    await Promise.all(servers.map((server) => server.stop()))
  }

  dispose(): void {
    this.#changed.dispose()
    this.stopAll().catch((error) => this.#options.notifier.internal(error))
  }

  async #serveCopy(
    name: string,
    source: vscode.Uri | undefined,
    how: Partial<ServeOptions>,
    copy: (to: vscode.Uri) => Promise<void>,
    extension = 'rtsession',
  ) {
    const path = await makeCopy(this.#options.storage, extension, copy)
    return await this.#serve(name, { path, isCopy: true, source }, how)
  }

  async #serve(
    name: string,
    file: ServedFile,
    how: Partial<ServeOptions>,
  ): Promise<readonly ServedEndpoint[]> {
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
    const urls = server.endpoints.map(({ url }) => url)
    const first = urls.slice(0, MAX_LISTED).join(', ')
    const more = urls.length - MAX_LISTED
    const named = more > 0 ? vscode.l10n.t('{0} and {1} more', first, more) : first
    this.#options.notifier.info(
      [vscode.l10n.t('Serving {0} at {1}.', server.name, named), ...notes].join(' '),
      {
        title: urls.length === 1 ? vscode.l10n.t('Copy URL') : vscode.l10n.t('Copy URLs'),
        run: () => copyUrls(urls),
      },
      { title: vscode.l10n.t('Options…'), run: () => this.#menu(server) },
      { title: vscode.l10n.t('Stop'), run: () => this.#stop(server) },
    )
  }

  async #menu(server: Server): Promise<void> {
    await showMenu(server, {
      restart: async (how) => {
        try {
          await server.start(how)
        } catch (error) {
          await this.#stop(server)
          throw error
        }
      },
      stop: () => this.#stop(server),
    })
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
  }
}
