/** A session in this process: live, or from a file. */
import type { AgentSession } from '../../agents/tool.ts'
import { Engine } from '../../engine/engine.ts'
import { FileEngine } from '../../engine/file/file-engine.ts'
import { Failure } from '../../shared/failure.ts'
import type { FindingList } from '../../shared/protocol/findings.ts'
import type { EngineNotifications } from '../../shared/protocol/notifications.ts'
import type { Handlers } from '../../shared/protocol/rpc.ts'
import type { EngineMethods, EngineSettings } from '../../shared/protocol.ts'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../../shared/spec.ts'

const SETTINGS: EngineSettings = {
  memoryLimit: 64 * 1024 * 1024,
  spoolLimit: 1024 * 1024 * 1024,
  maxEvents: 2_000_000,
  maxMessageSize: DEFAULT_MAX_MESSAGE_SIZE,
}

/** Milliseconds to wait for the rules in a session that goes on, and between two looks if no notification comes. */
const LONGEST = 10_000
const LOOK_AGAIN = 1000

export type Log = (line: EngineNotifications['log']) => void

export class LocalSession implements AgentSession {
  readonly #isLive: boolean
  #handlers: Handlers<EngineMethods> | undefined
  #look = () => {}

  private constructor(isLive: boolean) {
    this.#isLive = isLive
  }

  /** Starts an empty session. `directory` is made, and removed by `close`. */
  static start(directory: string, log: Log): LocalSession {
    const session = new LocalSession(true)
    const notify = session.#notify(log)
    session.#handlers = new Engine({ directory, network: {}, settings: SETTINGS, notify }).handlers
    return session
  }

  /** Opens a recording. Its status says what is wrong with it. */
  static async open(file: string, directory: string, log: Log): Promise<LocalSession> {
    const session = new LocalSession(false)
    const notify = session.#notify(log)
    const engine = await FileEngine.open({ directory, file, settings: SETTINGS, notify })
    session.#handlers = engine.handlers
    return session
  }

  async call<K extends keyof EngineMethods & string>(
    method: K,
    params: EngineMethods[K]['params'],
  ): Promise<EngineMethods[K]['result']> {
    if (this.#handlers === undefined) throw new Failure('CLOSED', 'The session has ended.')
    const result: unknown = await this.#handlers[method](params)
    return (result ?? null) as EngineMethods[K]['result']
  }

  /** Rejects with UNREADABLE. If a live session never gets there, resolves to what was found after some seconds. */
  async findings(): Promise<FindingList> {
    const until = performance.now() + LONGEST
    for (;;) {
      const changed = this.#nextNotice()
      const { file } = await this.call('status', null)
      if (file?.failure !== undefined) throw new Failure('UNREADABLE', file.failure)
      const list = await this.call('findings', null)
      if (list.isCurrent && file?.loading === undefined) return list
      if (this.#isLive && performance.now() > until) return list
      await changed
    }
  }

  /** Ends all connections, and removes the files of the session. */
  async close(): Promise<void> {
    await this.call('shutdown', null)
    this.#handlers = undefined
  }

  #notify(log: Log) {
    return <K extends keyof EngineNotifications & string>(name: K, data: EngineNotifications[K]) => {
      if (name === 'log') log(data as EngineNotifications['log'])
      this.#look()
    }
  }

  #nextNotice(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_AGAIN)
      this.#look = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
