/** Recordings sent again to real servers, which give other ids than the recorded ones did. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Server } from 'socket.io'
import { LiveEngine } from '../support/live-engine.ts'

const RECORDINGS = join(import.meta.dirname, '../fixtures/recordings')

describe('a recording of socket.io sent again to a server', () => {
  let live: LiveEngine
  let io: Server
  let url: string
  let answers: unknown[]

  beforeEach(async () => {
    live = new LiveEngine()
    answers = []
    const http = createServer()
    io = new Server(http, { pingInterval: 50, pingTimeout: 300, transports: ['websocket'] })
    io.on('connection', (socket) => {
      // Uses up ids, so that those of the questions differ from the recorded ones.
      for (let n = 0; n < 9; n++) socket.emit('unanswered', n, () => {})
      socket.on('sum', (a: number, b: number, acknowledge: (sum: number) => void) => acknowledge(a + b))
      socket.on('ask', () =>
        socket.emit('question', 'how are you?', (answer: unknown) => answers.push(answer)),
      )
    })
    const admin = io.of('/admin')
    admin.use(({ handshake }, next) =>
      next(handshake.auth.token === undefined ? new Error('No.') : undefined),
    )
    admin.on('connection', (socket) =>
      socket.on('kick', (name: string, acknowledge: (text: string) => void) => acknowledge(`kicked ${name}`)),
    )
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/socket.io/?EIO=4&transport=websocket`
  })
  afterEach(async () => {
    await live.close()
    await io.close()
  })

  it('answers questions with the ids of the server, and keeps the connection alive', async () => {
    const file = join(RECORDINGS, 'socketio.rtsession')
    const from = { file, directory: join(live.folder, 'beside'), connection: 1 }
    await live.engine.handlers.resend({ ...from, spec: { url }, pace: 'time', speed: 1, ticket: 1 })
    assert.deepEqual(answers, ['fine, thanks'])
    const { lines } = await live.engine.handlers.lines({ from: 0, max: 1000 })
    const events = lines.map((line) => JSON.parse(line))
    const pongs = events.filter(({ direction, text }) => direction === 'out' && text === '3')
    assert.ok(pongs.length > 3, `${pongs.length} heartbeats answered`)
    assert.ok(pongs.every(({ automatic }) => automatic === 'protocol'))
    const close = events.find(({ type }) => type === 'close')
    assert.equal(close.by, 'client', 'the server does not drop it')
  })
})
