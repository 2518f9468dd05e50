/** Runs jobs in a worker thread and serves their calls over the parent port. */
import { parentPort } from 'node:worker_threads'
import { removeCapture } from '../../capture/disk/files.ts'
import { summarizeRecording } from '../../session/summarize-recording.ts'
import { Failure } from '../../shared/failure.ts'
import type { JobMethods, JobNotifications } from '../../shared/protocol/jobs.ts'
import { type Methods, RpcEndpoint } from '../../shared/protocol/rpc.ts'
import { portOf } from '../worker-client.ts'
import { compareFiles } from './comparison.ts'
import { readSide, type SideMethods, sideBuffers } from './comparison-side.ts'
import { Conversion } from './conversion.ts'
import { Serving } from './serving.ts'
import { listUnsaved, recoverTo } from './unsaved.ts'

const parent = parentPort
if (parent === null)
  throw new Failure('NO_PARENT', 'This runs as a worker thread; start it through JobClient.')

const serving = new Serving((state) => endpoint.notify('served', state))

const conversion = new Conversion()

const endpoint = new RpcEndpoint<JobMethods & SideMethods, Methods, JobNotifications>(portOf(parent), {
  handlers: {
    unsaved: listUnsaved,
    recover: recoverTo,
    compare: ({ wish, ...compared }) => compareFiles(compared, wish, import.meta.filename),
    readSide,
    convert: (params) => conversion.run(params),
    summarize: ({ path }) => summarizeRecording(path),
    discard: ({ directory }) => removeCapture(directory),
    serve: (params) => serving.start(params),
    stop: () => {
      conversion.stop()
      return serving.stop()
    },
  },
  transferables: sideBuffers,
})
