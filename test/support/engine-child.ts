/** A process with an engine in a worker thread. It connects to URLs and prints how many events it has. Tests kill it. */
import { EngineClient } from '../../src/engine/client.ts'

const [directory = '', ...urls] = process.argv.slice(2)
const engine = new EngineClient(
  {
    script: new URL('../../src/engine/worker.ts', import.meta.url).pathname,
    directory,
    network: {},
    settings: { memoryLimit: 1 << 24, spoolLimit: 1 << 30, maxEvents: 5_000_000, maxMessageSize: 1 << 20 },
  },
  {
    onNotification: ({ name, data }) => {
      if (name === 'status') process.stdout.write(`${data.events}\n`)
      else if (name === 'log') process.stderr.write(`${data.message}\n`)
    },
    onExit: ({ message }) => void process.stderr.write(`${message}\n`),
  },
)
for (const url of urls) await engine.call('connect', { spec: { url } })
