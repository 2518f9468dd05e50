/** Targets of recording proxies that outlive the window: recent ones, and those of the proxies that run. */
import * as v from 'valibot'
import type { Memento } from 'vscode'
import { problemOf } from '../../shared/failure.ts'
import { formatFault, parseFault } from '../../shared/faults/fault-text.ts'
import type { ProxyOptions, ProxyStatus } from '../../shared/protocol/traffic.ts'
import { maskUrl } from '../../shared/secrets.ts'

const RECENT = 'recentProxyTargets'
const RUNNING = 'runningProxies'
const VARIABLE = 'proxyVariable'
const MAX_RECENT = 10

const targets = v.array(v.string())
const running = v.array(
  v.object({
    target: v.optional(v.string()),
    port: v.pipe(v.number(), v.integer(), v.minValue(1)),
    insecure: v.optional(v.literal(true)),
    /** As the terminal takes them. */
    faults: v.optional(v.array(v.string()), []),
  }),
)

export class RecentTargets {
  readonly #global: Memento
  readonly #workspace: Memento
  #stored: string

  constructor(global: Memento, workspace: Memento) {
    this.#global = global
    this.#workspace = workspace
    this.#stored = JSON.stringify(workspace.get(RUNNING) ?? [])
  }

  /** The latest one first. */
  get all(): readonly string[] {
    const stored = v.safeParse(targets, this.#global.get(RECENT))
    return stored.success ? stored.output : []
  }

  /** A URL with a secret is not remembered. */
  async add(target: string): Promise<void> {
    if (maskUrl(target) !== target) return
    await this.#global.update(
      RECENT,
      [target, ...this.all.filter((each) => each !== target)].slice(0, MAX_RECENT),
    )
  }

  async forget(target: string): Promise<void> {
    await this.#global.update(
      RECENT,
      this.all.filter((each) => each !== target),
    )
  }

  /** The variable for the URL of a proxy that the user named last. */
  get variable(): string | undefined {
    return this.#workspace.get(VARIABLE)
  }

  async nameVariable(name: string): Promise<void> {
    await this.#workspace.update(VARIABLE, name)
  }

  /** The proxies that ran when the window or the engine ended. */
  get ended(): readonly ProxyOptions[] {
    const stored = v.safeParse(running, JSON.parse(this.#stored))
    return stored.success ? stored.output.map(optionsOf) : []
  }

  /** Remembers which proxies run. */
  async setRunning(proxies: readonly ProxyStatus[]): Promise<void> {
    const list = proxies
      .filter(({ target = '' }) => maskUrl(target) === target)
      .map(({ target, listening, insecure, faults }) => ({
        ...{ target, port: Number(new URL(listening).port), insecure },
        ...(faults.length > 0 && { faults: faults.map(formatFault) }),
      }))
    const text = JSON.stringify(list)
    if (text === this.#stored) return
    this.#stored = text
    await this.#workspace.update(RUNNING, JSON.parse(text))
  }
}

function optionsOf({ target, port, insecure, faults }: v.InferOutput<typeof running>[number]): ProxyOptions {
  // Another version may have had other faults.
  const isKnown = faults.every((fault) => problemOf(() => parseFault(fault)) === undefined)
  return {
    port,
    ...(target !== undefined && { target }),
    ...(insecure !== undefined && { insecure }),
    ...(isKnown && faults.length > 0 && { faults: faults.flatMap(parseFault) }),
  }
}
