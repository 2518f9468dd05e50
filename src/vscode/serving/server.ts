/** One served session, in a worker of its own. */
import { rm } from 'node:fs/promises'
import * as vscode from 'vscode'
import { JobClient } from '../../engine/jobs/client.ts'
import { Failure } from '../../shared/failure.ts'
import type { ServeParams } from '../../shared/protocol/jobs.ts'
import {
  NOTHING_SERVED_YET,
  type ServedEndpoint,
  type ServedSession,
  type ServedState,
} from '../../shared/protocol/served.ts'
import { clientCount } from '../ui/counts.ts'
import type { Surroundings } from '../ui/surroundings.ts'
import { touchCopy } from './copies.ts'

/** How a session is served. */
export type ServeOptions = Omit<ServeParams, 'path'>

export const AS_RECORDED: ServeOptions = {
  port: 0,
  speed: 1,
  loop: false,
  outages: true,
  allowOrigins: [],
}

/** "×4, looping, no outages, in recorded order" */
function inWords({ speed, loop, outages, match }: ServeOptions): string {
  const pace = speed === null ? vscode.l10n.t('without waiting') : `×${speed}`
  return [
    pace,
    ...(loop ? [vscode.l10n.t('looping')] : []),
    ...(outages ? [] : [vscode.l10n.t('no outages')]),
    ...(match === 'order' ? [vscode.l10n.t('in recorded order')] : []),
  ].join(', ')
}

export type ServingOptions = Omit<Surroundings, 'extensionUri' | 'pages'>

/** Milliseconds between two touches of a copy that is in use. */
const TOUCH = 60 * 60 * 1000

export interface ServedFile {
  readonly path: string
  readonly isCopy: boolean
  /** The original file; undefined for the live session. */
  readonly source: vscode.Uri | undefined
}

/** What a server reports. */
export interface ServerListener {
  changed(): void
  /** The server stopped by itself. */
  ended(failure: Failure): void
}

/** A session that is served from a local file, which may be a copy. */
export class Server {
  readonly id: number
  readonly name: string
  how: ServeOptions = AS_RECORDED
  endpoints: readonly ServedEndpoint[] = []
  state: ServedState = NOTHING_SERVED_YET
  #notes: readonly string[] = []
  readonly #file: ServedFile
  readonly #options: ServingOptions
  readonly #listener: ServerListener
  #job: JobClient | undefined
  #starting: Promise<unknown> = Promise.resolve()
  #isServing = false
  #isStopped = false
  readonly #touching: ReturnType<typeof setInterval> | undefined

  constructor(id: number, name: string, file: ServedFile, options: ServingOptions, listener: ServerListener) {
    this.id = id
    this.name = name
    this.#file = file
    this.#options = options
    this.#listener = listener
    if (file.isCopy) this.#touching = setInterval(() => this.#touch(), TOUCH)
  }

  get source(): vscode.Uri | undefined {
    return this.#file.source
  }

  get served(): ServedSession {
    const { id, name, endpoints, state } = this
    return { ...state, id, name, endpoints, how: inWords(this.how), notes: this.#notes }
  }

  /**
   * Starts the server, or restarts it on the same port with other options, after any start that is under way.
   * Resolves to notes for the user. Rejects with a `Failure`.
   */
  start(how: ServeOptions): Promise<readonly string[]> {
    const started = this.#starting.then(() => this.#start(how))
    // The caller of that start handles its failure.
    this.#starting = started.catch(() => {})
    return started
  }

  async #start(how: ServeOptions): Promise<readonly string[]> {
    this.#isServing = false
    await this.#job?.dispose()
    if (this.#isStopped) throw notServed()
    const [first] = this.endpoints
    // The address stays, unless a port is asked for.
    const port = first === undefined || how.port !== 0 ? how.port : Number(new URL(first.url).port)
    this.state = NOTHING_SERVED_YET
    this.how = { ...how, port }
    const job = new JobClient(this.#options.script, {
      served: (state) => this.#take(state),
      // If the worker ends while the server starts, the call of `serve` rejects.
      exit: (failure) => this.#isServing && this.#listener.ended(failure),
    })
    this.#job = job
    const { endpoints, notes } = await job.call('serve', { ...this.how, path: this.#file.path })
    this.#isServing = true
    this.endpoints = endpoints
    this.#notes = notes
    this.#listener.changed()
    return notes
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearInterval(this.#touching)
    await this.#job?.dispose()
    if (this.#file.isCopy) await rm(this.#file.path, { force: true })
  }

  #touch(): void {
    touchCopy(this.#file.path).catch((error) => this.#options.notifier.internal(error))
  }

  /** Logs each new kind of trouble once, for as long as the state lists it. */
  #take(state: ServedState): void {
    const known = new Set(this.state.troubles.map(({ text }) => text))
    for (const { text } of state.troubles)
      if (!known.has(text)) this.#options.log.warn(`${this.name}: ${text}`)
    this.state = state
    this.#listener.changed()
  }
}

/** The failure of calls for a server that has ended. */
export function notServed(): Failure {
  return new Failure('NOT_SERVED', vscode.l10n.t('This session is no longer being served. Serve it again.'))
}

/** "127.0.0.1:4242, ×1, 2 clients" */
export function describe({ how, state: { clients }, endpoints: [first] }: Server): string {
  const host = first === undefined ? '' : `${new URL(first.url).host}, `
  return `${host}${inWords(how)}, ${clientCount(clients)}`
}
