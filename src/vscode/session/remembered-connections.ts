/** Connections that outlive the window: recent ones, and those that were open. Secrets are never stored. */
import type { Memento } from 'vscode'
import { parseSpec } from '../../request/parse-spec.ts'
import { withoutSecrets } from '../../request/remembered.ts'
import type { Reopenable } from '../../shared/protocol/unsaved.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'

const RECENTS = 'recentConnections'
const OPEN = 'openConnections'
const MAX_RECENTS = 20
const MAX_OPEN = 50

/** Reads stored specifications, and skips invalid ones. */
function stored(memento: Memento, key: string): ConnectionSpec[] {
  const list: unknown = memento.get(key)
  return (Array.isArray(list) ? list : []).flatMap((entry) => {
    try {
      return [parseSpec(entry)]
    } catch {
      // Another version wrote it.
      return []
    }
  })
}

export class RememberedConnections {
  readonly #global: Memento
  readonly #workspace: Memento
  /** Open before the window was reloaded or before the engine stopped, and not opened again since. */
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

  /** The most recent one first, with secrets as `***`. */
  recents(): readonly ConnectionSpec[] {
    return stored(this.#global, RECENTS)
  }

  forgetRecent(spec: ConnectionSpec): Promise<void> {
    return this.#store(this.#global, RECENTS, without(this.recents(), spec))
  }

  /** The connections that can be opened again, for the page. */
  get offered(): Reopenable {
    const urls = [...new Set(this.#reopenable.map(({ url }) => url))]
    return { urls, ...(this.#why !== undefined && { why: this.#why }) }
  }

  /** Calls `listener` when the connections that can be opened again change. */
  onReopenable(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener)
    return { dispose: () => void this.#listeners.delete(listener) }
  }

  reopenable(): readonly ConnectionSpec[] {
    return this.#reopenable
  }

  /** The connection `id` was opened with `spec`. */
  async opened(id: number, spec: ConnectionSpec): Promise<void> {
    const safe = withoutSecrets(spec)
    this.#specs.set(id, safe)
    await this.setLive(new Set([...this.#live, id]))
    await this.#store(this.#global, RECENTS, [safe, ...without(this.recents(), safe)].slice(0, MAX_RECENTS))
  }

  /** The connections `live` are open or may still open; the others have ended. */
  async setLive(live: ReadonlySet<number>): Promise<void> {
    if (live.size === this.#live.size && [...live].every((id) => this.#live.has(id))) return
    this.#live = live
    await this.#storeOpen()
  }

  /** All open connections ended at once, and replace those that could be opened again. `why` is a sentence. */
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

  /** `spec` is open again, or the user has dismissed it; undefined for all of them. */
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
