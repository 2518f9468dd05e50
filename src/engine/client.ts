/** The editor's side of the engine: starts the worker, calls it and receives its notifications. */
import type { Authorize, EngineHostMethods } from '../shared/authorization.ts'
import { Failure } from '../shared/failure.ts'
import type { EngineNotifications, HostToEngineNotifications } from '../shared/protocol/notifications.ts'
import type { Notification } from '../shared/protocol/rpc.ts'
import type { EngineMethods } from '../shared/protocol.ts'
import type { WorkerData } from './worker.ts'
import { WorkerClient } from './worker-client.ts'

/**
 * Megabytes for the newest objects, three times what V8 fills before it collects them. Node.js would let them grow to 200 if many
 * connections open at once, and keep that memory.
 */
export const YOUNG_GENERATION = 24

export interface EngineClientOptions extends WorkerData {
  /** Path of the bundled worker. */
  readonly script: string
}

export interface EngineListeners {
  readonly onNotification: (notification: Notification<EngineNotifications>) => void
  /** Gets access tokens for connections. If absent, they cannot use OAuth 2. */
  readonly authorize?: Authorize | undefined
  /** The worker ended by itself; calls reject from now on. */
  readonly onExit: (failure: Failure) => void
}

const noTokens: Authorize = () =>
  Promise.reject(new Failure('AUTH', 'OAuth 2 is not available here; give a token as bearer credentials.'))

/** Milliseconds that a shutdown may take before the thread is terminated. */
const SHUTDOWN_TIMEOUT = 5000

export class EngineClient extends WorkerClient<
  EngineMethods,
  HostToEngineNotifications,
  EngineNotifications,
  EngineHostMethods
> {
  constructor(
    { script, ...workerData }: EngineClientOptions,
    { onNotification, authorize, onExit }: EngineListeners,
  ) {
    super(
      script,
      {
        workerData: workerData satisfies WorkerData,
        name: 'realtime-inspector engine',
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION },
      },
      {
        onNotification,
        handlers: { authorize: authorize ?? noTokens },
        onEnd: (cause) => onExit(new Failure('ENGINE_ENDED', `The engine stopped unexpectedly${cause}.`)),
      },
    )
  }

  /** The reader has received the last delta. */
  acknowledge(): void {
    this.endpoint.notify('acknowledge', null)
  }

  /** Closes all connections, removes the spool unless unsaved events in it are to be kept, and ends the thread. */
  dispose({ keepUnsaved = false } = {}): Promise<void> {
    return this.end(() => this.call('shutdown', { keepUnsaved }, SHUTDOWN_TIMEOUT))
  }
}
