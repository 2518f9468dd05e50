/** The requests of the workspace's files, and those that connections belong to, as the live panel's page lists them. */
import * as vscode from 'vscode'
import type { FileRequest, FileStep } from '../../request/file/request-file.ts'
import { protocolOf } from '../../request/file/settings.ts'
import { Failure } from '../../shared/failure.ts'
import {
  type ConnectionRequest,
  type ListedRequest,
  MAX_LISTED_MESSAGES,
  MAX_LISTED_REQUESTS,
  MAX_LISTED_TEXT,
  NO_REQUESTS,
  type RequestMessage,
  type SavedRequests,
} from '../../shared/protocol/saved-requests.ts'
import { maskText } from '../../shared/secrets.ts'
import type { IndexedFile, RequestIndex } from '../requests/request-index.ts'
import type { RequestReference, RequestRuns } from '../requests/request-runs.ts'
import type { LiveSession } from '../session/live-session.ts'
import type { Notifier } from '../ui/notifier.ts'
import type { Page } from './panel-feed.ts'
import type { SideChannel } from './side-channels.ts'

export interface RequestsChannelOptions {
  readonly session: LiveSession
  readonly index: RequestIndex
  readonly runs: RequestRuns
  readonly notifier: Notifier
}

export class RequestsChannel implements SideChannel {
  readonly #changed = new vscode.EventEmitter<void>()
  readonly #subscriptions: readonly vscode.Disposable[]
  readonly #updateAll: () => void
  #current: SavedRequests = NO_REQUESTS
  /** A page has asked: before, no files are read. */
  #isWanted = false

  readonly onChange = this.#changed.event

  constructor({ session, index, runs, notifier }: RequestsChannelOptions) {
    const updater = (read: () => Promise<Partial<SavedRequests>>) =>
      oneAtATime(
        async () => {
          if (this.#isWanted) this.#set({ ...this.#current, ...(await read()) })
        },
        (error) => notifier.internal(error),
      )
    // To find the files may take long. Those of connections are known.
    const updateRuns = updater(async () => ({ ofConnections: await ofConnections(session, index, runs) }))
    const updateFiles = updater(async () => ({
      listed: (await index.files()).flatMap(listed).slice(0, MAX_LISTED_REQUESTS),
    }))
    this.#updateAll = () => {
      updateRuns()
      updateFiles()
    }
    let known = ''
    const ran = () => {
      const references = referencesIn(session, runs).map(([id, { uri, name }]) => [id, uri.toString(), name])
      // Most changes are figures of a status, which is no reason to read the files again.
      const now = JSON.stringify(references)
      if (now === known) return
      known = now
      updateRuns()
    }
    this.#subscriptions = [this.#changed, index.onChange(this.#updateAll), runs.onChange(ran)]
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose()
  }

  send(page: Page): void {
    page.notify('savedRequests', this.#current)
    if (this.#isWanted) return
    this.#isWanted = true
    this.#updateAll()
  }

  #set(requests: SavedRequests): void {
    if (JSON.stringify(requests) === JSON.stringify(this.#current)) return
    this.#current = requests
    this.#changed.fire()
  }
}

/** Runs `work` when it is called, and once more if it was called while it ran. */
function oneAtATime(work: () => Promise<void>, onError: (error: unknown) => void): () => void {
  let state: 'idle' | 'running' | 'again' = 'idle'
  const run = () => {
    if (state !== 'idle') {
      state = 'again'
      return
    }
    state = 'running'
    work()
      .catch(onError)
      .finally(() => {
        const isAgain = state === 'again'
        state = 'idle'
        if (isAgain) run()
      })
  }
  return run
}

/** The connections that requests opened, with their requests. */
function referencesIn(session: LiveSession, runs: RequestRuns): [connection: number, RequestReference][] {
  return session.connections.flatMap(({ id }) => {
    const reference = runs.requestOf(id)
    return reference === undefined ? [] : [[id, reference]]
  })
}

async function ofConnections(
  session: LiveSession,
  index: RequestIndex,
  runs: RequestRuns,
): Promise<readonly ConnectionRequest[]> {
  const all: ConnectionRequest[] = []
  for (const [id, reference] of referencesIn(session, runs)) {
    const messages = messagesOf(await stepsOf(index, reference))
    all.push({ connection: id, ...described(reference), messages })
  }
  return all
}

/** The steps of a request as its file has them now; none if the file has it no more. */
async function stepsOf(index: RequestIndex, { uri, name }: RequestReference): Promise<FileRequest['steps']> {
  try {
    const { file, names } = await index.fileAt(uri)
    return file.requests[names.indexOf(name)]?.steps ?? []
  } catch (thrown) {
    if (thrown instanceof Failure) return []
    throw thrown
  }
}

/** The request that the page names. A name that has a secret is masked in the page. */
export function isNamed(shown: string, name: string): boolean {
  return maskText(name) === shown
}

function described({ uri, name }: RequestReference): { readonly file: string; readonly name: string } {
  return { file: vscode.workspace.asRelativePath(uri), name: maskText(name) }
}

function listed({ path, file: { requests }, names }: IndexedFile): readonly ListedRequest[] {
  return requests.map((request, at) => {
    const protocol = protocolOf(request)
    return {
      file: path,
      name: maskText(names[at] ?? ''),
      transport: request.transport,
      url: maskText(request.url.text),
      ...(protocol !== undefined && { protocol }),
    }
  })
}

/** The messages of a request, by their positions among its steps. */
export function messagesOf(steps: FileRequest['steps']): readonly RequestMessage[] {
  return steps
    .flatMap((step, at) => (step.kind === 'send' ? [{ step: at, ...nameOf(step), text: textOf(step) }] : []))
    .slice(0, MAX_LISTED_MESSAGES)
}

function nameOf({ name }: Extract<FileStep, { kind: 'send' }>): { readonly name?: string } {
  return name === undefined ? {} : { name: name.text }
}

function textOf({ content }: Extract<FileStep, { kind: 'send' }>): string {
  const text = content.map((part) => (part.kind === 'text' ? part.text : `< ${part.path.text}`)).join('\n')
  return maskText(text.slice(0, MAX_LISTED_TEXT))
}
