/** The worker with the engine, and the calls to it. */
import type {
  EngineNotifications,
  HostToEngineNotifications,
} from '../../../src/shared/protocol/notifications.ts'
import { type Methods, type Notification, RpcEndpoint } from '../../../src/shared/protocol/rpc.ts'
import type { Opening, WorkerMethods } from '../engine/protocol.ts'

export interface EngineListeners {
  readonly onNotification: (notification: Notification<EngineNotifications>) => void
  /** The worker could not start, or an error of ours ended it. */
  readonly onFailure: (message: string) => void
}

export class EngineConnection {
  readonly #endpoint: RpcEndpoint<
    Record<never, { params: unknown; result: unknown }>,
    WorkerMethods,
    HostToEngineNotifications,
    EngineNotifications
  >

  constructor(opening: Opening, { onNotification, onFailure }: EngineListeners) {
    const worker = new Worker('engine.js')
    worker.postMessage(opening)
    this.#endpoint = new RpcEndpoint(
      {
        post: (message) => worker.postMessage(message),
        onMessage: (listener) => worker.addEventListener('message', ({ data }) => listener(data)),
      },
      { handlers: {} satisfies Methods, onNotification },
    )
    worker.addEventListener('error', ({ message }) => onFailure(message))
  }

  /** Calls the engine. A file may take long to read. */
  call<K extends keyof WorkerMethods & string>(
    method: K,
    params: WorkerMethods[K]['params'],
  ): Promise<WorkerMethods[K]['result']> {
    return this.#endpoint.call(method, params, 0)
  }

  acknowledge(): void {
    this.#endpoint.notify('acknowledge', null)
  }
}
