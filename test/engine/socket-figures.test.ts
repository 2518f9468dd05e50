/** The kernel's figures of the sockets of connections, by the real `ss`. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'
import type { WebSocket } from 'ws'
import { parseFigures, socketFigures } from '../../src/engine/socket-figures.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { cliTests, runCli } from '../support/cli.ts'
import { connectionStarter } from '../support/connection.ts'
import { eventually } from '../support/eventually.ts'
import { serveHttp, serveWebSocket } from '../support/loopback.ts'
import { tempDir } from '../support/temp-dir.ts'
import { certificates } from '../support/tls.ts'

describe('the figures of a socket', () => {
  cliTests()
  const start = connectionStarter()

  before(function () {
    if (process.platform !== 'linux') this.skip()
  })

  async function opened(spec: ConnectionSpec) {
    const recorded = start(spec)
    await eventually(() => assert.equal(recorded.connection.status().state, 'open'))
    return recorded.connection
  }

  it('are known while a WebSocket, an event stream or a poll is open, and not after', async () => {
    const events = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
    })
    const secure = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
    }, createServer(certificates().server))
    const polled = await serveHttp((_request, response) => response.end('x'))
    const socket = await serveWebSocket((peer) => peer.send('x'))
    const specs: readonly ConnectionSpec[] = [
      { url: socket },
      { url: events, transport: 'sse' },
      { url: secure.replace('http:', 'https:'), transport: 'sse', tls: { ca: [certificates().ca] } },
      { url: polled, transport: 'poll', interval: 60_000 },
    ]
    for (const spec of specs) {
      const connection = await opened(spec)
      const answer = await socketFigures(connection.socket)
      assert.ok('figures' in answer, JSON.stringify(answer))
      const { roundTrip = 0, congestionWindow = 0, retransmissions } = answer.figures
      assert.ok(roundTrip > 0 && congestionWindow > 0, JSON.stringify(answer.figures))
      assert.equal(typeof retransmissions, 'number')
      await connection.disconnect()
      assert.ok('unavailable' in (await socketFigures(connection.socket)))
    }
  })

  it('show what waits to be read while reading is paused', async () => {
    let peer: WebSocket | undefined
    const connection = await opened({
      url: await serveWebSocket((socket) => {
        peer = socket
      }),
    })
    connection.pause()
    for (let index = 0; index < 64; index++) peer?.send('x'.repeat(64 * 1024))
    await eventually(async () => {
      const answer = await socketFigures(connection.socket)
      assert.ok('figures' in answer && answer.figures.receiveQueue > 0, JSON.stringify(answer))
    })
  })

  it('are printed by the terminal at the end', async () => {
    const url = await serveWebSocket((peer) =>
      peer.on('pong', () => setTimeout(() => peer.close(1000), 1000)).ping(),
    )
    const { code, stderr } = await runCli(['connect', url, '--socket-figures', '--format', 'none'])
    assert.equal(code, 0)
    assert.match(
      stderr,
      /^Socket: round trip .+ retransmissions?, congestion window \d+ segments?, .+ not sent\.$/m,
    )
  })

  it('are left out with a sentence if there is no ss, or if it fails', async () => {
    const url = await serveWebSocket((peer) =>
      peer.on('pong', () => setTimeout(() => peer.close(1000), 1000)).ping(),
    )
    const failing = tempDir()
    writeFileSync(join(failing, 'ss'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    for (const [path, why] of [
      ['/nowhere', /^There are no figures of the socket\. .+ install the package iproute2\.$/m],
      [failing, /^There are no figures of the socket\. .+ by ss, which failed or took too long\.$/m],
    ] as const) {
      const { stderr } = await runCli(['connect', url, '--socket-figures', '--format', 'none'], {
        env: { PATH: path },
      })
      assert.match(stderr, why)
    }
  })
})

describe('a line of ss', () => {
  it('is read, whatever it leaves out', () => {
    const line =
      'ESTAB 12 7 [::1]:50790 [::1]:38717 cubic rto:204 rtt:0.25/0.125 cwnd:11 unacked:2 retrans:1/3 minrtt:0.01\n'
    assert.deepEqual(parseFigures(line), {
      ...{ receiveQueue: 12, sendQueue: 7, roundTrip: 0.25, roundTripDeviation: 0.125 },
      ...{ shortestRoundTrip: 0.01, retransmissions: 3, congestionWindow: 11, unacknowledged: 2 },
    })
    assert.deepEqual(parseFigures('ESTAB 0 0 127.0.0.1:1 127.0.0.1:2\n'), { receiveQueue: 0, sendQueue: 0 })
    for (const other of ['', '\n', 'no such line', 'ESTAB x y 1 2'])
      assert.equal(parseFigures(other), undefined)
  })
})
