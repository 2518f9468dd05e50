/** One session that is served, by a worker of its own. */
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
import type { Notifier } from '../ui/notifier.ts'
import { touchCopy } from './copies.ts'

/** How a session is served. */
export type ServeOptions = Omit<ServeParams, 'path'>

export const AS_RECORDED: ServeOptions = {
  port: 0,
  speed: 1,
  loop: false,
  outages: true,
  match: 'order',
  allowOrigins: [],
}

/** "×4, looping, no outages" */
function inWords({ speed, loop, outages }: ServeOptions): string {
  const pace = speed === null ? vscode.l10n.t('without waiting') : `×${speed}`
  return [
    pace,
    ...(loop ? [vscode.l10n.t('looping')] : []),
    ...(outages ? [] : [vscode.l10n.t('no outages')]),
  ].join(', ')
}

export interface ServingOptions {
  /** Path of the bundle for jobs. */
  readonly script: string
  readonly storage: string
  readonly notifier: Notifier
  readonly log: vscode.LogOutputChannel
}

/** Milliseconds after which a copy in use is touched again. */
const TOUCH = 60 * 60 * 1000

export interface ServedFile {
  readonly path: string
  readonly isCopy: boolean
  /** The file as its user knows it; undefined for the live session. */
  readonly source: vscode.Uri | undefined
}

/** What is told of one that is served. */
export interface ServerListener {
  changed(): void
  /** It stopped by itself. */
  ended(failure: Failure): void
}

/** One that is served: from a copy of its own where it is no local file. */
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
   * Starts it, or starts it again with other options on the port it has, one start after the other. Resolves to
   * what is to be told of it. Rejects with a `Failure`.
   */
  start(how: ServeOptions): Promise<readonly string[]> {
    const started = this.#starting.then(() => this.#start(how))
    // Whoever asked for that start is told of its failure.
    this.#starting = started.catch(() => {})
    return started
  }

  async #start(how: ServeOptions): Promise<readonly string[]> {
    this.#isServing = false
    await this.#job?.dispose()
    if (this.#isStopped) throw notServed()
    const [first] = this.endpoints
    const port = first === undefined ? how.port : Number(new URL(first.url).port)
    this.state = NOTHING_SERVED_YET
    this.how = { ...how, port }
    const job = new JobClient(this.#options.script, {
      served: (state) => this.#take(state),
      // One that ends while it starts fails that call.
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

  /** The log has each kind of trouble once, until it is forgotten for newer ones. */
  #take(state: ServedState): void {
    const known = new Set(this.state.troubles.map(({ text }) => text))
    for (const { text } of state.troubles)
      if (!known.has(text)) this.#options.log.warn(`${this.name}: ${text}`)
    this.state = state
    this.#listener.changed()
  }
}

/** For whoever asks for a server that has ended. */
export function notServed(): Failure {
  return new Failure('NOT_SERVED', vscode.l10n.t('This session is no longer served; serve it again.'))
}

/** "127.0.0.1:4242, ×1, 2 clients" */
export function describe({ how, state: { clients }, endpoints: [first] }: Server): string {
  const host = first === undefined ? '' : `${new URL(first.url).host}, `
  return `${host}${inWords(how)}, ${clientCount(clients)}`
}
