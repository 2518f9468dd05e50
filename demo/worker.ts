/** The demo as a worker thread of the extension: starts at once, says what to connect to, ends with the thread. */
import { parentPort } from 'node:worker_threads'
import { startDemo } from './server.ts'

// Bundled as CommonJS, which has no await at its top.
void startDemo(0).then(({ connections }) => parentPort?.postMessage({ connections }))
