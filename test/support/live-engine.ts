/** A live engine and a host that keeps its notifications and waits for them. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { WebSocket } from 'ws'
import type { AgentSession } from '../../src/agents/tool.ts'
import { Engine } from '../../src/engine/engine.ts'
import type { EngineNotifications } from '../../src/shared/protocol/notifications.ts'
import type { Resending } from '../../src/shared/protocol/resending.ts'
import { StatusMirror, type StatusUpdate } from '../../src/shared/protocol/status-update.ts'
import type { Delta, EngineSettings } from '../../src/shared/protocol.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import type { SessionStatus } from '../../src/shared/status.ts'
import { closeServers, serveWebSocket } from './loopback.ts'
import { removeTempDirs, tempDir } from './temp-dir.ts'

const SETTINGS = { memoryLimit: 1 << 20, spoolLimit: 1 << 26, maxEvents: 100_000, maxMessageSize: 1 << 20 }

export interface LiveEngineOptions {
  readonly keepsUp?: boolean
  /** Default: a temporary folder. */
  readonly folder?: string
  readonly settings?: Partial<EngineSettings>
}

export class LiveEngine {
  /** The test's folder. The engine's folder is in it. */
  readonly folder: string
  readonly engine: Engine
  /** The status as a reader knows it after each notification of it. */
  readonly statuses: SessionStatus[] = []
  readonly #mirror = new StatusMirror()
  /** Gets each update of the status as the engine sends it. */
  onUpdate = (_update: StatusUpdate): void => {}
  readonly resending: Resending[] = []
  readonly log: EngineNotifications['log'][] = []
  deltas: Delta[] = []
  resets = 0
  #look = () => {}

  /** A host that `keepsUp` acknowledges every delta. */
  constructor({ keepsUp = false, folder = tempDir(), settings = {} }: LiveEngineOptions = {}) {
    this.folder = folder
    this.engine = new Engine({
      directory: join(this.folder, 'spool'),
      network: { noProxy: '*' },
      settings: { ...SETTINGS, ...settings },
      notify: (name, data) => {
        if (name === 'status') this.statuses.push(this.#update(data as StatusUpdate))
        if (name === 'delta') this.#update((data as Delta).status)
        if (name === 'resending') this.resending.push(data as Resending)
        if (name === 'delta') this.deltas.push(data as Delta)
        if (name === 'delta' && keepsUp) setImmediate(() => this.engine.acknowledge())
        if (name === 'reset') this.resets++
        if (name === 'log') this.log.push(data as EngineNotifications['log'])
        this.look()
      },
    })
  }

  /** The session as tools for agents read it. */
  get session(): AgentSession {
    const { handlers } = this.engine
    return {
      call: async (method, params) => (await handlers[method](params)) as never,
      findings: async () => await handlers.findings(null),
    }
  }

  #update(update: StatusUpdate): SessionStatus {
    this.onUpdate(update)
    return this.#mirror.apply(update)
  }

  /** Waits for the condition, which is checked after each notification of the engine. */
  async until(condition: () => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#look = () => condition() && resolve()
      this.look()
    })
  }

  /** Checks the condition that is waited for. */
  look(): void {
    this.#look()
  }

  /** Opens a connection with secrets to a new server: events 0 and 1. */
  async open(): Promise<{ id: number; peer: WebSocket }> {
    const peers: WebSocket[] = []
    const url = await serveWebSocket((peer) => peers.push(peer))
    const id = await this.connect({ url: `${url}?token=hush`, headers: { Authorization: 'Bearer hush' } })
    return { id, peer: peers[0] ?? assert.fail('nobody connected') }
  }

  /** Resolves to the connection's number when it is open. */
  async connect(spec: ConnectionSpec): Promise<number> {
    const { id } = await this.engine.handlers.connect({ spec })
    await this.until(() => this.engine.status().connections.find((each) => each.id === id)?.state === 'open')
    return id
  }

  /** For `afterEach`: ends everything of the test, and removes its servers and folders. */
  async close(): Promise<void> {
    await this.engine.handlers.shutdown(null)
    closeServers()
    removeTempDirs()
  }
}
