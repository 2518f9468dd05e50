/** Tasks with recordings as a worker thread: its calls over the parent port. */
import { parentPort } from 'node:worker_threads'
import { Failure } from '../../shared/failure.ts'
import { type Methods, RpcEndpoint } from '../../shared/protocol/rpc.ts'
import type { TaskMethods, TaskNotifications } from '../../shared/protocol/tasks.ts'
import { compareFiles } from './comparing.ts'
import { discard, listLeftovers, recoverTo } from './leftovers.ts'
import { Serving } from './serving.ts'

const parent = parentPort
if (parent === null)
  throw new Failure('NO_PARENT', 'This runs as a worker thread; start it through TaskClient.')

const serving = new Serving((name, data) => endpoint.notify(name, data))

const endpoint = new RpcEndpoint<TaskMethods, Methods, TaskNotifications, Record<never, unknown>>(
  {
    post: (message, transfer) => parent.postMessage(message, transfer),
    onMessage: (listener) => parent.on('message', listener),
  },
  {
    handlers: {
      leftovers: listLeftovers,
      recover: recoverTo,
      compare: ({ wish, connections, ...paths }) => compareFiles(paths, wish, connections),
      discard: ({ directory }) => discard(directory),
      serve: (params) => serving.start(params),
      stop: () => serving.stop(),
    },
  },
)
