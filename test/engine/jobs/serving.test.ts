/** The notifications of a server about its clients. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { Serving } from '../../../src/engine/jobs/serving.ts'
import type { ServeParams } from '../../../src/shared/protocol/jobs.ts'
import { MAX_RECEIVED, MAX_TROUBLES, type ServedState } from '../../../src/shared/protocol/served.ts'
import { message, twoConnections } from '../../support/recording.ts'
import { writeSession } from '../../support/recording-file.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

describe('a served session', () => {
  let serving: Serving
  let said: ServedState[]
  let wake: () => void
  let origin: string

  beforeEach(() => {
    said = []
    wake = () => {}
    serving = new Serving((state) => {
      said.push(state)
      wake()
    })
  })
  afterEach(async () => {
    await serving.stop()
    removeTempDirs()
  })

  async function start(options: Partial<ServeParams> = {}): Promise<void> {
    const path = writeSession(tempDir(), 'traffic.rtsession', [
      ...twoConnections(8),
      message(5000, '{"op":"go"}', { direction: 'out' }),
    ])
    const { endpoints } = await serving.start({
      ...{ path, port: 0, speed: null, loop: false, outages: false, match: 'order', allowOrigins: [] },
      ...options,
    })
    origin = new URL(endpoints[0]?.url ?? assert.fail('it is served')).host
  }

  /** Waits for a notification that satisfies the condition. */
  async function until(holds: (state: ServedState) => boolean): Promise<ServedState> {
    for (;;) {
      const last = said.at(-1)
      if (last !== undefined && holds(last)) return last
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  async function open(): Promise<WebSocket> {
    const socket = new WebSocket(`ws://${origin}/feed`)
    socket.on('error', () => {})
    await once(socket, 'open')
    return socket
  }

  it('reports how many clients it has now, and has had', async () => {
    await start({ match: 'equal' })
    const sockets = await Promise.all([open(), open()])
    await until(({ clients, ever }) => clients === 2 && ever === 2)
    for (const socket of sockets) socket.terminate()
    await until(({ clients, ever }) => clients === 0 && ever === 2)
  })

  it('sends no notification after it is stopped', async () => {
    await start({ match: 'equal' })
    const sockets = await Promise.all([open(), open()])
    await until(({ clients }) => clients === 2)
    for (const socket of sockets) socket.terminate()
    await serving.stop()
    const { length } = said
    await new Promise((resolve) => setTimeout(resolve, 300))
    assert.equal(said.length, length)
  })

  it('lists requests that are not in the recording, each once with a count', async () => {
    await start()
    for (const path of ['/nothing', '/favicon.ico', '/nothing']) await fetch(`http://${origin}${path}`)
    const { troubles } = await until(({ troubleCount }) => troubleCount === 3)
    assert.deepEqual(
      troubles.map(({ text, count }) => [text.slice(0, text.indexOf(';')), count]),
      [
        ['Nothing was recorded at /favicon.ico', 1],
        ['Nothing was recorded at /nothing', 2],
      ],
    )
  })

  it('lists messages that are not in the recording, if they have to be', async () => {
    await start({ match: 'equal' })
    const socket = await open()
    socket.send('{ "op": "go" }')
    socket.send('{"op":"stop"}')
    const { troubles } = await until(({ troubleCount }) => troubleCount > 0)
    assert.deepEqual(troubles, [
      { text: 'A client sent a message of 13 bytes that is not in the recording.', count: 1 },
    ])
    socket.terminate()
  })

  it('keeps the latest of many troubles, and notifies a few times a second at most', async () => {
    await start()
    const started = performance.now()
    const count = 300
    for (let n = 0; n < count; n += 30)
      await Promise.all(Array.from({ length: 30 }, (_, i) => fetch(`http://${origin}/nothing/${n + i}`)))
    const { troubles } = await until(({ troubleCount }) => troubleCount === count)
    const passed = performance.now() - started
    assert.equal(troubles.length, MAX_TROUBLES)
    assert.ok(troubles.some(({ text }) => /\/nothing\/29\d;/.test(text)))
    assert.ok(said.length <= 2 + passed / 200, `${said.length} times in ${passed} ms`)
  })

  it('has the latest messages of clients, cut to their beginning', async () => {
    await start()
    const socket = await open()
    for (let n = 0; n < 30; n++) socket.send(`${n} ${'x'.repeat(1000)}`)
    socket.send(Buffer.from([1, 2]))
    const { received, receivedCount } = await until((state) => state.receivedCount === 31)
    assert.equal(received.length, MAX_RECEIVED)
    assert.deepEqual(
      [received.at(-1)?.size, received.at(-1)?.text, received.at(-2)?.text?.length],
      [2, undefined, 200],
    )
    assert.equal(receivedCount, 31)
    socket.close()
  })
})
