/** Connections that outlive the window: recent ones, and those that were open, without their secrets. */
import type { Memento } from 'vscode'
import { parseSpec } from '../../request/parse-spec.ts'
import { identityOf, withoutSecrets } from '../../request/remembered.ts'
import type { Reopenable } from '../../shared/protocol/unsaved.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'

const RECENTS = 'recentConnections'
const OPEN = 'openConnections'
const MAX_RECENTS = 20
const MAX_OPEN = 50

/** A connection and when it was opened last, in milliseconds since 1970; earlier versions did not store that. */
export interface RecentEntry {
  readonly spec: ConnectionSpec
  readonly at?: number
}

function storedList(memento: Memento, key: string): readonly unknown[] {
  const list: unknown = memento.get(key)
  return Array.isArray(list) ? list : []
}

/** Reads stored specifications, and skips invalid ones. */
function specsIn(list: readonly unknown[]): ConnectionSpec[] {
  return list.flatMap((entry) => {
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

  readonly #forgotten: ((spec: ConnectionSpec) => Promise<void>) | undefined

  /** `forgotten` is called for each recent connection that is not remembered any more. */
  constructor(global: Memento, workspace: Memento, forgotten?: (spec: ConnectionSpec) => Promise<void>) {
    this.#forgotten = forgotten
    this.#global = global
    this.#workspace = workspace
    this.#reopenable = specsIn(storedList(workspace, OPEN))
  }

  /** The most recent one first, with secrets as `***`. */
  recents(): readonly ConnectionSpec[] {
    return this.recentEntries().map(({ spec }) => spec)
  }

  /** Recent connections with when they were opened. */
  recentEntries(): readonly RecentEntry[] {
    return storedList(this.#global, RECENTS).flatMap((entry) => {
      const { spec = entry, at } = Object(entry)
      return specsIn([spec]).map((read) => ({ spec: read, ...(typeof at === 'number' && { at }) }))
    })
  }

  async forgetRecent(spec: ConnectionSpec): Promise<void> {
    await this.#global.update(RECENTS, without(this.recentEntries(), spec))
    await this.#forgotten?.(spec)
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
    const entries = [{ spec: safe, at: Date.now() }, ...without(this.recentEntries(), safe)]
    await this.#global.update(RECENTS, entries.slice(0, MAX_RECENTS))
    for (const { spec: dropped } of entries.slice(MAX_RECENTS)) await this.#forgotten?.(dropped)
  }

  /** The user chose a decoder for a connection, or with null the one that is recognized. */
  async decodedBy(id: number, decoder: string | null): Promise<void> {
    const spec = this.#specs.get(id)
    if (spec === undefined) return
    const { decoder: _, ...others } = spec
    const decoded = decoder === null ? others : { ...others, decoder }
    this.#specs.set(id, decoded)
    await this.#storeOpen()
    const recents = this.recentEntries()
    const isSame = (entry: RecentEntry) => identityOf(entry.spec) === identityOf(spec)
    if (recents.some(isSame))
      await this.#global.update(
        RECENTS,
        recents.map((entry) => (isSame(entry) ? { ...entry, spec: decoded } : entry)),
      )
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

  async #storeOpen(): Promise<void> {
    const open = [...this.#reopenable, ...this.#open()]
    await this.#workspace.update(OPEN, open.slice(-MAX_OPEN))
  }

  #open(): ConnectionSpec[] {
    return [...this.#specs].filter(([id]) => this.#live.has(id)).map(([, spec]) => spec)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

function without(entries: readonly RecentEntry[], spec: ConnectionSpec): RecentEntry[] {
  return entries.filter((entry) => identityOf(entry.spec) !== identityOf(spec))
}
