/** Records the examples of the playground, anew: `node site/recordings/record.ts`. Takes a quarter of a minute. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startDemo } from '../../demo/server.ts'
import { Engine } from '../../src/engine/engine.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { readEngineSettings } from '../../src/vscode/settings/read-settings.ts'
import { serveBroker } from './broker.ts'
import { type ChatServer, serveChat } from './chat.ts'

type Calls = Engine['handlers']

/** Lets an engine record what `run` does, into the file `NAME.rtsession`. */
async function record(name: string, run: (calls: Calls) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'realtime-inspector-examples-'))
  const engine = new Engine({
    directory: join(folder, 'capture'),
    network: { noProxy: '*' },
    settings: readEngineSettings(() => undefined),
    notify: () => {},
  })
  const calls = engine.handlers
  await run(calls)
  await calls.save({ path: join(import.meta.dirname, `${name}.rtsession`), reveal: [] })
  await calls.shutdown(null)
  await rm(folder, { recursive: true })
}

async function connect(calls: Calls, spec: ConnectionSpec): Promise<number> {
  return (await calls.connect({ spec })).id
}

async function recordChat(chat: ChatServer): Promise<void> {
  await record('chat', async (calls) => {
    const id = await connect(calls, { url: chat.url, transport: 'websocket', reconnect: 300 })
    const say = async (text: string) => {
      await delay(1400)
      await calls.send({ id, message: { format: 'text', text: JSON.stringify({ op: 'say', text }) } })
    }
    await say('Hello, is the deployment done?')
    await say('I see the new version on two of three hosts.')
    await delay(800)
    chat.cut()
    await delay(2500)
    await say('I was away for a moment. Did I miss something?')
    await say('Thanks!')
    await delay(1500)
  })
}

async function recordBroker(url: string): Promise<void> {
  await record('mqtt', async (calls) => {
    const spec: ConnectionSpec = { url, transport: 'websocket', protocol: 'mqtt', subprotocols: ['mqtt'] }
    const id = await connect(calls, spec)
    await delay(500)
    await calls.sendForm({ id, form: 'subscribe', values: { topic: 'plant/#', qos: 1 } })
    for (const [topic, payload] of [
      ['plant/line-1/temperature', '{"celsius": 71.5}'],
      ['plant/line-2/temperature', '{"celsius": 68.0}'],
      ['plant/line-1/state', 'running'],
      ['plant/line-1/temperature', '{"celsius": 72.25}'],
    ] as const) {
      await delay(700)
      await calls.sendForm({ id, form: 'publish', values: { topic, payload, qos: 1 } })
    }
    await delay(2500)
  })
}

async function recordConnections(
  name: string,
  specs: readonly ConnectionSpec[],
  milliseconds: number,
): Promise<void> {
  await record(name, async (calls) => {
    for (const spec of specs) await connect(calls, spec)
    await delay(milliseconds)
  })
}

const demo = await startDemo(0)
const [chat, broker] = [await serveChat(), await serveBroker()]
// Without what only the demo's client uses.
const answer = demo.connections.flatMap(({ script: _, ...spec }) =>
  spec.url.endsWith('/completions') ? [spec] : [],
)
await Promise.all([
  recordChat(chat),
  recordBroker(broker.url),
  recordConnections('answer', answer, 14_000),
  recordConnections('feed', demo.feed, 15_000),
])
await Promise.all([demo.stop(), chat.stop(), broker.stop()])
