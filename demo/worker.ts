/** The demo as a worker thread of the extension. It starts at once and posts what to connect to. */
import { parentPort } from 'node:worker_threads'
import { startDemo } from './server.ts'

/** The same port each time, so that requests in files find the demo again. */
const PORT = 4820

void startDemo(PORT)
  .catch(() => startDemo(0))
  .then(({ connections }) => parentPort?.postMessage({ connections }))
