/** Scripts on connections that speak a protocol: what counts as an answer. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { Server as SocketIoServer } from 'socket.io'
import { becomes } from '../../support/eventually.ts'
import { serveHttp } from '../../support/loopback.ts'
import { ScriptSession, text, WAIT } from '../../support/script-session.ts'

describe('the script of a request that speaks a protocol', () => {
  let session: ScriptSession
  let io: SocketIoServer
  let url: string

  beforeEach(async () => {
    session = new ScriptSession()
    const server = createServer()
    io = new SocketIoServer(server, { pingInterval: 20, pingTimeout: 20_000 })
    url = await serveHttp(() => {}, server)
  })
  afterEach(async () => {
    await session.live.close()
    await io.close()
  })

  const STEPS = [
    { kind: 'form', form: 'emit', values: '{"event":"hello","args":[]}' },
    WAIT,
    text('42["done"]'),
  ] as const

  for (const transport of ['websocket', 'long-poll'] as const)
    it(`waits for an answer, not for heartbeats or the handshake (${transport})`, async () => {
      const heard: string[] = []
      io.on('connection', (socket) => socket.onAny((name: string) => heard.push(name)))
      const spec = {
        url: transport === 'websocket' ? `${url.replace('http', 'ws')}socket.io/` : `${url}socket.io/`,
        transport,
        protocol: 'socket.io',
      }
      await session.connect(spec, { steps: STEPS })
      await session.until(({ done }) => done === 1)
      // The handshake, and several heartbeats.
      await session.live.until(() => session.connection.messagesIn > 6)
      assert.equal(session.status.waitsFor, 'message')
      io.emit('with bytes', Buffer.from('bytes'))
      await session.until(({ done }) => done === 3)
      await becomes(() => [...heard], ['hello', 'done'])
    })
})
