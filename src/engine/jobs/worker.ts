/** Runs jobs in a worker thread and serves their calls over the parent port. */
import { parentPort } from 'node:worker_threads'
import { Failure } from '../../shared/failure.ts'
import type { JobMethods, JobNotifications } from '../../shared/protocol/jobs.ts'
import { type Methods, RpcEndpoint } from '../../shared/protocol/rpc.ts'
import { compareFiles } from './comparison.ts'
import { Serving } from './serving.ts'
import { discard, listUnsaved, recoverTo } from './unsaved.ts'

const parent = parentPort
if (parent === null)
  throw new Failure('NO_PARENT', 'This runs as a worker thread; start it through JobClient.')

const serving = new Serving((name, data) => endpoint.notify(name, data))

const endpoint = new RpcEndpoint<JobMethods, Methods, JobNotifications, Record<never, unknown>>(
  {
    post: (message, transfer) => parent.postMessage(message, transfer),
    onMessage: (listener) => parent.on('message', listener),
  },
  {
    handlers: {
      unsaved: listUnsaved,
      recover: recoverTo,
      compare: ({ wish, connections, ...paths }) => compareFiles(paths, wish, connections),
      discard: ({ directory }) => discard(directory),
      serve: (params) => serving.start(params),
      stop: () => serving.stop(),
    },
  },
)
