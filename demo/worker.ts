/** The demo as a worker thread of the extension. It starts at once and posts what to connect to. */
import { parentPort } from 'node:worker_threads'
import { startDemo } from './server.ts'

const { connections } = await startDemo(0)
parentPort?.postMessage({ connections })
