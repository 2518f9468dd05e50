/** Sessions recorded from a real server, served, and recorded again. */
import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { MessageEvent, RealtimeEvent } from '../../../src/shared/event.ts'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import { RecordedConnection } from '../../support/connection.ts'
import { closeServers, serveHttp, serveWebSocket } from '../../support/loopback.ts'
import { serve, stopServing } from '../../support/served.ts'

/** Milliseconds between the messages of the real servers. */
const GAP = 150

async function record(spec: ConnectionSpec, messages: number): Promise<RealtimeEvent[]> {
  const recorder = new RecordedConnection(spec)
  recorder.connection.start()
  await recorder.until('message', messages)
  await recorder.connection.disconnect()
  return recorder.events
}

function inbound(events: readonly RealtimeEvent[]): MessageEvent[] {
  return events.filter((event) => event.type === 'message').filter(({ direction }) => direction === 'in')
}

function contents(events: readonly RealtimeEvent[]): unknown[] {
  return inbound(events).map(({ payload, opcode, event, id, compressed }) => ({
    payload: Buffer.from(payload).toString('base64'),
    opcode,
    event,
    id,
    compressed,
  }))
}

/** Milliseconds from the first message to the last. */
function span(events: readonly RealtimeEvent[]): number {
  const times = inbound(events).map(({ time }) => time)
  return (times.at(-1) ?? 0) - (times[0] ?? 0)
}

/** Records, serves, records again. */
async function twice(spec: ConnectionSpec, messages: number): Promise<void> {
  const first = await record(spec, messages)
  const { url } = await serve(first, { speed: 1 })
  const second = await record({ ...spec, url }, messages)
  assert.equal(inbound(first).length, messages)
  assert.deepEqual(contents(second), contents(first))
  // The first message can be late, which shortens the span. The last can be late by any time.
  const longer = span(second) - span(first)
  assert.ok(longer > -GAP && longer < 5000, `${span(first)} ms, then ${span(second)} ms`)
}

describe('a session that is recorded, served and recorded again', () => {
  afterEach(async () => {
    await stopServing()
    closeServers()
  })

  it('is the same for a WebSocket', async () => {
    const url = await serveWebSocket(
      async (socket) => {
        for (const data of ['a', Buffer.from([0, 1, 255]), 'é'.repeat(5000), '']) {
          socket.send(data, { compress: data.length > 1000 })
          await delay(GAP)
        }
        socket.send('end')
      },
      { perMessageDeflate: { threshold: 0 } },
    )
    await twice({ url }, 5)
  })

  it('is the same for an event stream over a lost connection', async () => {
    let requests = 0
    const url = await serveHttp(async (request, response) => {
      requests++
      const from = Number(request.headers['last-event-id'] ?? 0)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('retry: 100\n: hello\n\n')
      for (let id = from + 1; id <= from + 3; id++) {
        response.write(`id: ${id}\nevent: tick\ndata: ${id}\ndata: more\n\n`)
        await delay(GAP)
      }
      if (from === 0) response.destroy()
    })
    await twice({ url, transport: 'sse' }, 6)
    assert.equal(requests, 2)
  })

  it('is the same for a stream', async () => {
    const url = await serveHttp(async (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      for (let n = 0; n < 4; n++) {
        response.write(`{"n":${n}}\n`)
        await delay(GAP)
      }
    })
    await twice({ url, transport: 'http-stream' }, 4)
  })

  it('is the same for a long-poll', async () => {
    const url = await serveHttp(async (request, response) => {
      await delay(GAP)
      const next = Number(/"(\d+)"/.exec(request.headers['if-none-match'] ?? '')?.[1] ?? 0) + 1
      response.writeHead(200, { etag: `"${next}"` }).end(`answer ${next}`)
    })
    await twice({ url, transport: 'long-poll' }, 4)
  })
})
