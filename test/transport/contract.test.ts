/** What all transports have in common, each tested with its own kind of server. */
import assert from 'node:assert/strict'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { createTransport } from '../../src/transport/registry.ts'
import { Attempt } from '../support/attempt.ts'
import { RecordedConnection } from '../support/connection.ts'
import { closeServers, refusedPort } from '../support/loopback.ts'
import { settled } from '../support/settled.ts'
import { ServedMessages, serveEvents, serveLines, servePolls } from '../support/transport-servers.ts'

interface TransportCase {
  readonly spec: Omit<ConnectionSpec, 'url'>
  readonly scheme: 'ws' | 'http'
  readonly serve: (messages: ServedMessages) => Promise<string>
  /** The transport in the `open` event. */
  readonly opens: string
}

const CURSOR = 'header:X-Next:since'

const CASES: Readonly<Record<string, TransportCase>> = {
  websocket: { spec: {}, scheme: 'ws', serve: (messages) => messages.serveWebSocket(), opens: 'websocket' },
  sse: { spec: { transport: 'sse' }, scheme: 'http', serve: serveEvents, opens: 'sse' },
  'http-stream': {
    spec: { transport: 'http-stream' },
    scheme: 'http',
    serve: serveLines,
    opens: 'http-stream',
  },
  'long-poll': {
    spec: { transport: 'long-poll', cursor: CURSOR, interval: 0 },
    scheme: 'http',
    serve: (messages) => servePolls(messages, true),
    opens: 'long-poll',
  },
  poll: {
    spec: { transport: 'poll', cursor: CURSOR, interval: 5 },
    scheme: 'http',
    serve: (messages) => servePolls(messages, false),
    opens: 'poll',
  },
  'auto, given events': { spec: {}, scheme: 'http', serve: serveEvents, opens: 'sse' },
  'auto, given lines': { spec: {}, scheme: 'http', serve: serveLines, opens: 'http-stream' },
}

function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => `item ${from + i}`)
}

for (const [name, transportCase] of Object.entries(CASES)) {
  describe(`transport contract: ${name}`, () => {
    let attempt: Attempt | undefined
    let recorded: RecordedConnection | undefined

    afterEach(async () => {
      await attempt?.disconnect()
      await recorded?.connection.disconnect()
      attempt = undefined
      recorded = undefined
      closeServers()
    })

    function run(url: string): Attempt {
      const spec = { ...transportCase.spec, url }
      attempt = new Attempt(createTransport(spec), spec)
      return attempt
    }

    it('opens, then emits all messages in order, at times that never decrease', async () => {
      const messages = new ServedMessages()
      const running = run(await transportCase.serve(messages))
      const items = numbers(0, 50)
      messages.push(...items.slice(0, 20))
      await running.until('message', 20)
      for (const item of items.slice(20)) messages.push(item)
      await running.until('message', 50)
      assert.deepEqual(running.texts(), items)
      const types = running.events.map((event) => event.type)
      assert.equal(running.of('open').length, 1)
      assert.ok(types.indexOf('open') < types.indexOf('message'))
      const [open] = running.of('open')
      assert.equal(open?.transport, transportCase.opens)
      assert.equal(open?.remoteAddress, '127.0.0.1')
      const times = running.events.map((event) => event.time)
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      )
      for (const message of running.of('message'))
        assert.ok((message.wireSize ?? 0) >= message.payload.length)
    })

    it('skips informational responses before the response', async () => {
      const messages = new ServedMessages()
      messages.preface =
        'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n'
      const running = run(await transportCase.serve(messages))
      const items = numbers(0, 5)
      messages.push(...items)
      await running.until('message', 5)
      assert.deepEqual(running.texts(), items)
      assert.equal(running.of('open')[0]?.headers.link, undefined)
    })

    it('ends at once when disconnected, with one close by the client as its last event', async () => {
      const messages = new ServedMessages()
      const running = run(await transportCase.serve(messages))
      messages.push('first')
      await running.until('message')
      const outcome = await running.disconnect()
      assert.equal(outcome.end, 'done')
      assert.deepEqual(
        running.of('close').map((close) => close.by),
        ['client'],
      )
      assert.equal(running.of('error').length, 0)
      const count = running.events.length
      messages.push('late')
      await new Promise((resolve) => setImmediate(resolve))
      assert.equal(running.events.length, count)
      assert.equal(running.events.at(-1)?.type, 'close')
    })

    it('reports in a sentence that nothing listens on the port', async () => {
      const port = await refusedPort()
      const running = run(`${transportCase.scheme}://127.0.0.1:${port}/`)
      const outcome = await running.outcome
      assert.equal(outcome.end, 'lost')
      const [error, ...more] = running.of('error')
      assert.equal(more.length, 0)
      assert.equal(error?.code, 'ECONNREFUSED')
      assert.match(
        error?.message ?? '',
        new RegExp(`127\\.0\\.0\\.1:${port} refused the connection; check .*\\.$`),
      )
      assert.equal(running.of('open').length, 0)
    })

    it('distinguishes a peer that vanished from one that closed, and keeps what came before', async () => {
      const messages = new ServedMessages()
      const running = run(await transportCase.serve(messages))
      messages.push('first', 'second')
      await running.until('message', 2)
      messages.cut()
      const outcome = await running.outcome
      assert.equal(outcome.end, 'lost')
      assert.deepEqual(running.texts(), ['first', 'second'])
      assert.deepEqual(
        running.of('close').map((close) => close.by),
        ['network'],
      )
    })

    it('stops reading when paused, and loses nothing when resumed', async () => {
      const messages = new ServedMessages()
      const running = run(await transportCase.serve(messages))
      messages.push('0')
      await running.until('message')
      running.transport.pause()
      const items = Array.from({ length: 200 }, (_, i) => `${i + 1} ${'x'.repeat(50_000)}`)
      messages.push(...items)
      await settled(() => running.texts().length)
      assert.ok(running.texts().length < 20, `${running.texts().length} came while paused`)
      running.transport.resume()
      await running.until('message', items.length + 1)
      assert.deepEqual(
        running.texts().map((item) => Number.parseInt(item, 10)),
        Array.from({ length: items.length + 1 }, (_, i) => i),
      )
    })

    it('reconnects after a loss and resumes where it was', async () => {
      const messages = new ServedMessages()
      const url = await transportCase.serve(messages)
      recorded = new RecordedConnection({ ...transportCase.spec, url, reconnect: 20, maxAttempts: 1000 })
      recorded.connection.start()
      messages.push(...numbers(0, 3))
      await recorded.until('message', 3)
      messages.cut()
      await recorded.until('reconnect')
      messages.push(...numbers(3, 6))
      messages.up()
      await recorded.until('message', 6)
      assert.deepEqual(recorded.texts(), numbers(0, 6))
      const [reconnect] = recorded.of('reconnect')
      assert.deepEqual([reconnect?.attempt, reconnect?.delay], [1, 20])
      assert.equal(recorded.of('connect')[1]?.attempt, 1)
      assert.equal(recorded.connection.status().state, 'open')
    })
  })
}
