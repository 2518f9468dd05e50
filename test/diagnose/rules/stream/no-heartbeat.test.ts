import assert from 'node:assert/strict'
import { createServer, type ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import compression from 'compression'
import express from 'express'
import { Server } from 'socket.io'
import type { WebSocket } from 'ws'
import { noHeartbeat } from '../../../../src/diagnose/rules/stream/no-heartbeat.ts'
import { capturedBy } from '../../../support/diagnose.ts'
import { LiveEngine } from '../../../support/live-engine.ts'
import { closeServers, serveHttp, serveWebSocket } from '../../../support/loopback.ts'
import { EVENT_STREAM } from './feed.ts'
import { record, recorded } from './support.ts'

/** How long the servers are silent, and a limit below it. */
const SILENCE = 120
const LIMIT = 80

async function streamOf(...writes: readonly string[]) {
  const url = await serveHttp(async (_request, response: ServerResponse) => {
    response.writeHead(200, EVENT_STREAM)
    for (const [index, text] of writes.entries()) {
      if (index > 0) await setTimeout(SILENCE)
      response.write(text)
    }
    response.end()
  })
  return await record({ url, transport: 'sse', reconnect: 'never' }, { hasEnded: true })
}

async function socketOf(talk: (peer: WebSocket) => Promise<void>) {
  const url = await serveWebSocket((peer) => void talk(peer).then(() => peer.close()))
  return await record({ url, reconnect: 'never' }, { hasEnded: true })
}

describe('the rule no-heartbeat', () => {
  afterEach(closeServers)

  it('finds silences of an event stream without comments', async () => {
    const session = await streamOf('data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n')
    const [found, ...others] = await session.find(noHeartbeat, LIMIT)
    assert.deepEqual(others, [])
    assert.equal(found?.evidence.silences, 2)
    assert.ok(Number(found.evidence.longest) >= SILENCE - 5)
    assert.deepEqual(found.threshold, { value: LIMIT, unit: 'ms' })
    assert.deepEqual(
      found.events?.map((number) => session.events[number - 1]?.type),
      ['message', 'message', 'message'],
    )
    assert.ok(found.chart?.kind === 'times' && found.chart.spans?.length === 2)
    assert.match(found.advice ?? '', /comment/)
  })

  it('is silent with comments, and below the limit', async () => {
    const session = await streamOf('data: 1\n\n', 'data: 2\n\n')
    assert.deepEqual(await session.find(noHeartbeat), [])
    const commented = await streamOf('data: 1\n\n', ':\n\n', 'data: 2\n\n', 'data: 3\n\n')
    assert.deepEqual(await commented.find(noHeartbeat, LIMIT), [])
  })

  it('is silent about what a debugger saw, because it reports no comments', async () => {
    const { events, startedAt } = await streamOf('data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n')
    const seen = (source: 'proxy' | 'debugger') =>
      recorded(
        events.map((event) => (event.type === 'connect' ? { ...event, source } : event)),
        startedAt,
      )
    assert.equal((await seen('proxy').find(noHeartbeat, LIMIT)).length, 1)
    assert.deepEqual(await seen('debugger').find(noHeartbeat, LIMIT), [])
  })

  it('does not take the silence before the end for one that the connection survived', async () => {
    const session = await streamOf('data: 1\n\n', '')
    assert.deepEqual(await session.find(noHeartbeat, LIMIT), [])
  })

  it('finds the silence that the client ends, and says that a compressor may hold the events', async () => {
    const app = express()
    app.use(compression())
    app.get('/', (_request, response) => {
      response.set(EVENT_STREAM).flushHeaders()
      response.write('data: 1\n\n')
    })
    const url = await serveHttp(app)
    for (const isCompressed of [true, false]) {
      const live = new LiveEngine()
      const headers = { 'accept-encoding': isCompressed ? 'gzip' : 'identity' }
      const id = await live.connect({ url, transport: 'sse', headers })
      await setTimeout(2 * SILENCE)
      await live.engine.handlers.disconnect({ id })
      await live.until(() => live.engine.status().connections[0]?.state === 'closed')
      const session = recorded(await capturedBy(live), 0)
      await live.engine.handlers.shutdown(null)
      const [found] = await session.find(noHeartbeat, LIMIT)
      assert.equal(found?.evidence.silences, 1)
      assert.equal(
        /compressed with gzip, and nothing has come since its head/.test(found?.message ?? ''),
        isCompressed,
      )
    }
  })

  it('finds silences of a WebSocket without pings', async () => {
    const session = await socketOf(async (peer) => {
      peer.send('1')
      await setTimeout(SILENCE)
      peer.send('2')
    })
    const [found] = await session.find(noHeartbeat, LIMIT)
    assert.equal(found?.evidence.silences, 1)
    assert.match(found?.advice ?? '', /ping/)
  })

  it('is silent if the server pings, or its messages are heartbeats', async () => {
    const pinging = await socketOf(async (peer) => {
      peer.send('1')
      await setTimeout(SILENCE)
      peer.ping()
      await setTimeout(SILENCE)
      peer.send('2')
    })
    assert.deepEqual(await pinging.find(noHeartbeat, LIMIT), [])
    for (const heartbeat of ['{"type":"ping"}', 'keep-alive', '', ' \n']) {
      const beating = await socketOf(async (peer) => {
        peer.send('1')
        await setTimeout(SILENCE)
        peer.send(heartbeat)
        await setTimeout(SILENCE)
        peer.send('2')
      })
      assert.deepEqual(await beating.find(noHeartbeat, LIMIT), [], heartbeat)
    }
  })

  it('is silent if a sub-protocol has its own heartbeat', async () => {
    const server = createServer()
    const sockets = new Server(server, { pingInterval: SILENCE })
    const url = await serveHttp(() => {}, server)
    const spec = {
      reconnect: 'never',
      url: `${url.replace('http', 'ws')}socket.io/?EIO=4&transport=websocket`,
    } as const
    // The handshake, and the first ping of Engine.IO: a message that only says 2.
    const session = await record(spec, { messages: 2 })
    assert.deepEqual(await session.find(noHeartbeat, LIMIT), [])
    await sockets.close()
  })

  it('is silent if one message ends silences again and again', async () => {
    const session = await socketOf(async (peer) => {
      for (let index = 0; index < 3; index++) {
        await setTimeout(SILENCE)
        peer.send('~h~')
      }
    })
    assert.deepEqual(await session.find(noHeartbeat, LIMIT), [])
  })
})
