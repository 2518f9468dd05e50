/** Runs the engine in a worker thread and serves its calls over the parent port. */
import { parentPort, workerData } from 'node:worker_threads'
import type { EngineHostMethods } from '../shared/authorization.ts'
import { columnBuffers } from '../shared/event-columns.ts'
import { Failure } from '../shared/failure.ts'
import type { EngineNotifications, HostToEngineNotifications } from '../shared/protocol/notifications.ts'
import { RpcEndpoint, type RpcMessage } from '../shared/protocol/rpc.ts'
import { type StatusUpdate, statusBuffers } from '../shared/protocol/status-update.ts'
import type { Delta, EngineMethods } from '../shared/protocol.ts'
import { handleUncaught } from '../transport/containment.ts'
import { Engine, type EngineOptions } from './engine.ts'
import { FileEngine } from './file/file-engine.ts'
import type { EngineHost } from './reading.ts'
import { portOf } from './worker-client.ts'

/** What the parent gives the worker when it starts it. */
export interface WorkerData extends Omit<EngineOptions, keyof EngineHost> {
  /** The recording to open. If absent, the session is live. */
  readonly file?: string
}

const parent = parentPort
if (parent === null)
  throw new Failure('NO_PARENT', 'The engine runs as a worker thread; start it through EngineClient.')

const port = portOf(parent)

function transferables(message: RpcMessage): ArrayBuffer[] {
  if (message.rpc !== 'notify') return []
  if (message.name === 'delta') return deltaBuffers(message.data as Delta)
  return message.name === 'status' ? statusBuffers(message.data as StatusUpdate) : []
}

function deltaBuffers({ columns, matches, status }: Delta): ArrayBuffer[] {
  const buffers = [...columnBuffers(columns), ...statusBuffers(status)]
  return matches === undefined ? buffers : [...buffers, matches.indexes.buffer]
}

async function start({ file, ...options }: WorkerData): Promise<void> {
  const host: EngineHost = {
    notify: (name, data) => endpoint.notify(name, data),
    authorize: (request) => endpoint.call('authorize', request, 0),
  }
  const engine =
    file === undefined
      ? new Engine({ ...options, ...host })
      : await FileEngine.open({ ...options, ...host, file })
  // Node queues the calls that came while the file was opened until there is a listener.
  const endpoint = new RpcEndpoint<
    EngineMethods,
    EngineHostMethods,
    EngineNotifications,
    HostToEngineNotifications
  >(port, {
    handlers: engine.handlers,
    onNotify: { acknowledge: () => engine.acknowledge() },
    transferables,
  })
}

process.on('uncaughtException', (thrown) => {
  // An error of one connection ends that connection. Any other ends the thread, and the parent is notified.
  if (!handleUncaught(thrown)) throw thrown
})

void start(workerData as WorkerData)
