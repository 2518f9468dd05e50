/** What outlives a window: recent connections, and those open when it went away. No secret is ever kept. */
import type { Memento } from 'vscode'
import { parseSpec } from '../../request/parse-spec.ts'
import { withoutSecrets } from '../../request/remembered.ts'
import type { Reopenable } from '../../shared/protocol/unsaved.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'

const RECENTS = 'recentConnections'
const OPEN = 'openConnections'
const MAX_RECENTS = 20
const MAX_OPEN = 50

/** Specs as they were stored, by this version or another; what is none is skipped. */
function stored(memento: Memento, key: string): ConnectionSpec[] {
  const list: unknown = memento.get(key)
  return (Array.isArray(list) ? list : []).flatMap((entry) => {
    try {
      return [parseSpec(entry)]
    } catch {
      // Written by another version: nothing to be done with it, and nothing lost that matters.
      return []
    }
  })
}

export class RememberedConnections {
  readonly #global: Memento
  readonly #workspace: Memento
  /** Open before this session of the window or until the engine stopped, and not opened again yet. */
  #reopenable: readonly ConnectionSpec[]
  readonly #specs = new Map<number, ConnectionSpec>()
  #live: ReadonlySet<number> = new Set()
  #why: string | undefined
  readonly #listeners = new Set<() => void>()

  constructor(global: Memento, workspace: Memento) {
    this.#global = global
    this.#workspace = workspace
    this.#reopenable = stored(workspace, OPEN)
  }

  /** The most recent first; secrets are `***`. */
  recents(): readonly ConnectionSpec[] {
    return stored(this.#global, RECENTS)
  }

  forgetRecent(spec: ConnectionSpec): Promise<void> {
    return this.#store(this.#global, RECENTS, without(this.recents(), spec))
  }

  /** What is reopenable, for the page. */
  get offered(): Reopenable {
    const urls = [...new Set(this.#reopenable.map(({ url }) => url))]
    return { urls, ...(this.#why !== undefined && { why: this.#why }) }
  }

  /** Calls back whenever something else is reopenable. */
  onReopenable(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener)
    return { dispose: () => void this.#listeners.delete(listener) }
  }

  reopenable(): readonly ConnectionSpec[] {
    return this.#reopenable
  }

  /** The connection `id` was made from `spec`. */
  async opened(id: number, spec: ConnectionSpec): Promise<void> {
    const safe = withoutSecrets(spec)
    this.#specs.set(id, safe)
    await this.setLive(new Set([...this.#live, id]))
    await this.#store(this.#global, RECENTS, [safe, ...without(this.recents(), safe)].slice(0, MAX_RECENTS))
  }

  /** The connections `live` are open or on their way there; the others have ended. */
  async setLive(live: ReadonlySet<number>): Promise<void> {
    if (live.size === this.#live.size && [...live].every((id) => this.#live.has(id))) return
    this.#live = live
    await this.#storeOpen()
  }

  /** Everything open is gone at once, for a reason that is a sentence, and is offered instead of what was before. */
  async lost(why: string): Promise<void> {
    const open = this.#open()
    this.#specs.clear()
    this.#live = new Set()
    if (open.length === 0) return
    this.#reopenable = open
    this.#why = why
    this.#tell()
    await this.#storeOpen()
  }

  /** `spec` is open again, or nobody wants it; without one, none is offered any more. */
  async settleReopenable(spec?: ConnectionSpec): Promise<void> {
    this.#reopenable = spec === undefined ? [] : this.#reopenable.filter((other) => other !== spec)
    this.#tell()
    await this.#storeOpen()
  }

  #storeOpen(): Promise<void> {
    return this.#store(this.#workspace, OPEN, this.#worthReopening())
  }

  #worthReopening(): ConnectionSpec[] {
    return [...this.#reopenable, ...this.#open()].slice(-MAX_OPEN)
  }

  #open(): ConnectionSpec[] {
    return [...this.#specs].filter(([id]) => this.#live.has(id)).map(([, spec]) => spec)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }

  async #store(memento: Memento, key: string, specs: readonly ConnectionSpec[]): Promise<void> {
    await memento.update(key, specs)
  }
}

function without(specs: readonly ConnectionSpec[], spec: ConnectionSpec): ConnectionSpec[] {
  const same = (other: ConnectionSpec) =>
    other.url === spec.url && (other.transport ?? 'auto') === (spec.transport ?? 'auto')
  return specs.filter((other) => !same(other))
}
