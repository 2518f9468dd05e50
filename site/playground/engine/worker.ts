/** Runs the engine of a recording in a worker of the browser: the one that the editor runs in a thread. */
import { FileEngine } from '../../../src/engine/file/file-engine.ts'
import type {
  EngineNotifications,
  HostToEngineNotifications,
} from '../../../src/shared/protocol/notifications.ts'
import { type Handlers, type Methods, type Port, RpcEndpoint } from '../../../src/shared/protocol/rpc.ts'
import { readEngineSettings } from '../../../src/vscode/settings/read-settings.ts'
import { BlobContent } from '../node/contents.ts'
import { contentOf, mount, removeAll } from '../node/files.ts'
import type { Opening, WorkerMethods } from './protocol.ts'

/** Bytes of payloads of a HAR, which are held in memory here. */
const SPOOL_LIMIT = 768 * 1024 * 1024

const port = queuedPort()
let hasOpened = false

/** The messages that come before there is a listener wait for it, as they do in Node.js. */
function queuedPort(): Port & { receive(message: unknown): void } {
  let waiting: unknown[] = []
  let listener = (message: unknown): void => void waiting.push(message)
  return {
    post: (message, transfer = []) => postMessage(message, { transfer }),
    receive: (message) => listener(message),
    onMessage: (listen) => {
      listener = listen
      for (const message of waiting) listen(message)
      waiting = []
    },
  }
}

async function start({ file, name }: Opening): Promise<void> {
  const path = name.replaceAll('/', '_')
  mount(path, new BlobContent(file))
  const engine = await FileEngine.open({
    file: path,
    directory: '/captures/recording',
    settings: { ...readEngineSettings(() => undefined), spoolLimit: SPOOL_LIMIT },
    notify: (told, data) => endpoint.notify(told, data),
  })
  const endpoint = new RpcEndpoint<WorkerMethods, Methods, EngineNotifications, HostToEngineNotifications>(
    port,
    {
      handlers: { ...engine.handlers, payloadFile: (which) => payloadFile(engine.handlers, which) },
      onNotify: { acknowledge: () => engine.acknowledge() },
    },
  )
}

async function payloadFile(
  engine: Handlers<Pick<WorkerMethods, 'fileName' | 'savePayload'>>,
  which: WorkerMethods['payloadFile']['params'],
): Promise<WorkerMethods['payloadFile']['result']> {
  const name = await engine.fileName(which)
  const path = `/${name}`
  await engine.savePayload({ ...which, path })
  const content = contentOf(path)
  const bytes = new Uint8Array(content.size)
  content.read(bytes, 0)
  removeAll(path)
  return { name, file: new Blob([bytes]) }
}

addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (hasOpened) return port.receive(data)
  hasOpened = true
  // The page hears of errors, and not of promises that are rejected.
  start(data as Opening).catch(reportError)
})
