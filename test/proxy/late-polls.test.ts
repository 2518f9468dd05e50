/** Polls behind a recording proxy are appended once they are known to be polls: later than what a busy WebSocket received meanwhile. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket, WebSocketServer } from 'ws'
import { openIndexed } from '../../src/session/open-recording.ts'
import { diagnose } from '../support/diagnose.ts'
import { eventually } from '../support/eventually.ts'
import { closeServers, listen } from '../support/loopback.ts'
import { startProxied, stopProxies } from '../support/recorded-proxy.ts'
import { writeSession } from '../support/recording-file.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

const REQUESTS = 8

describe('polls through a recording proxy beside a busy WebSocket', () => {
  afterEach(async () => {
    await stopProxies()
    closeServers()
    removeTempDirs()
  })

  it('are one connection with all its responses, also when the session is saved, read back and diagnosed', async () => {
    let asked = 0
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(`{"n":${++asked}}`)
    })
    const sockets = new WebSocketServer({ server })
    sockets.on('connection', (socket) => {
      const timer = setInterval(() => {
        for (let n = 0; n < 10; n++) socket.send(`tick ${n}`)
      }, 5)
      socket.on('close', () => clearInterval(timer))
    })
    const session = await startProxied(`http://127.0.0.1:${await listen(server)}`)
    const socket = new WebSocket(`ws://${session.authority}/feed`)
    await eventually(() => assert.ok(session.of('message').length > 0))
    const polled = () => session.of('message').filter(({ connection }) => connection === 2)
    // On a busy machine the intervals may not be regular from the first request on.
    while (polled().length < REQUESTS) {
      await (await fetch(`http://${session.authority}/state`)).text()
      await delay(200)
    }
    const count = polled().length
    assert.deepEqual(
      polled().map(({ payload }) => Buffer.from(payload).toString()),
      Array.from({ length: count }, (_, n) => `{"n":${asked - count + n + 1}}`),
    )
    socket.close()
    await eventually(() => assert.equal(session.of('close').length, 1))
    assert.deepEqual(
      session.of('connect').map(({ connection, transport }) => [connection, transport]),
      [
        [1, 'websocket'],
        [2, 'poll'],
      ],
    )
    const { events } = session
    const begin = events.findIndex((event) => event.type === 'connect' && event.connection === 2)
    assert.ok((events[begin]?.time ?? 0) < (events[begin - 1]?.time ?? 0), 'the poll is appended late')
    const times = polled().map(({ time }) => time)
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )

    const file = writeSession(tempDir(), 'late.rtsession', events)
    const recording = await openIndexed(file)
    const read = Array.from({ length: recording.log.count }, (_, number) => recording.log.event(number))
    recording.close()
    assert.equal(read.length, events.length)
    assert.deepEqual(
      read.map(({ type, time }) => [type, time]),
      events.map(({ type, time }) => [type, Number(time.toFixed(3))]),
    )
    const found = (await diagnose(read)).map(({ rule, connection }) => `${rule} ${connection}`)
    const inOrder = await diagnose(read.toSorted((a, b) => a.time - b.time))
    assert.deepEqual(found.sort(), inOrder.map(({ rule, connection }) => `${rule} ${connection}`).sort())
  })
})
