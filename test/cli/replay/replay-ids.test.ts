/** Recordings of WebSockets sent again to real servers, which give other ids than the recorded ones did. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import path from 'node:path'
import { Aedes } from 'aedes'
import mqtt, { type Packet } from 'mqtt-packet'
import { Server } from 'socket.io'
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws'
import { cliTests, type Line, parseLines, runCli } from '../../support/cli.ts'
import { listen, serveWebSocket } from '../../support/loopback.ts'

const RECORDINGS = path.join(import.meta.dirname, '../../fixtures/recordings')

async function replay(name: string, url: string, ...args: string[]): Promise<readonly Line[]> {
  const file = path.join(RECORDINGS, `${name}.rtsession`)
  const { code, stdout, stderr } = await runCli(['replay', file, '--to', url, ...args])
  assert.deepEqual([code, stderr], [0, ''])
  return parseLines(stdout)
}

describe('replay of several WebSockets to a live server', () => {
  let io: Server | undefined
  cliTests()
  afterEach(() => io?.close())

  it('recovers a session of socket.io with the ids that the first connection got', async () => {
    const http = createServer()
    io = new Server(http, { connectionStateRecovery: {}, transports: ['websocket'] })
    const recovered: boolean[] = []
    const answers: unknown[] = []
    io.on('connection', (socket) => {
      recovered.push(socket.recovered)
      socket.emit('welcome', {})
      // Uses up an id, so that that of the question differs from the recorded one.
      socket.emit('unanswered', () => {})
      socket.on('ask', () =>
        socket.emit('question', 'how are you?', (answer: unknown) => {
          answers.push(answer)
          // The recorded client continues after this event.
          socket.emit('answered', answer)
        }),
      )
      socket.on('dropme', () => socket.conn.close())
      socket.on('bye', () => socket.disconnect(true))
    })
    const admin = io.of('/admin')
    admin.use(({ handshake }, next) =>
      next(handshake.auth.token === undefined ? new Error('No.') : undefined),
    )
    admin.on('connection', (socket) =>
      socket.on('kick', (name: string, acknowledge: (text: string) => void) => acknowledge(`kicked ${name}`)),
    )
    const url = `ws://127.0.0.1:${await listen(http)}/socket.io/?EIO=4&transport=websocket`
    const lines = await replay('socketio', url, '--patience', '10')
    assert.deepEqual(recovered, [false, true])
    assert.deepEqual(answers, ['fine, thanks'])
    assert.deepEqual(
      lines.filter(({ type }) => type === 'connect').map(({ connection }) => connection),
      [1, 2],
    )
  })
})

describe('replay of a WebSocket to a live broker', () => {
  let broker: Aedes | undefined
  cliTests()
  afterEach(() => broker?.close())

  it('acknowledges the packets of MQTT that the broker numbers, whatever the messages', async () => {
    broker = await Aedes.createBroker()
    // The recorded broker had it from the start.
    const kept = { topic: 'chat/ret', payload: '{"keep":true}', qos: 1, retain: true } as const
    await new Promise<void>((resolve) =>
      broker?.publish({ ...kept, cmd: 'publish', dup: false }, () => resolve()),
    )
    const sockets = new WebSocketServer({ server: createServer(), handleProtocols: () => 'mqtt' })
    sockets.on('connection', (socket) => {
      const stream = createWebSocketStream(socket)
      stream._destroy = (thrown, callback) => {
        socket.close()
        callback(thrown)
      }
      broker?.handle(stream as never)
    })
    const { server } = sockets.options
    assert.ok(server)
    const lines = await replay('mqtt', `ws://127.0.0.1:${await listen(server)}/`)
    const published = packetsIn(lines, 'in').filter(({ cmd, messageId }) => cmd === 'publish' && messageId)
    const idsOf = (packets: readonly Packet[]) => packets.map(({ messageId }) => messageId)
    const acknowledged = (by: string) => idsOf(packetsIn(lines, 'out').filter(({ cmd }) => cmd === by))
    const publishedWith = (quality: number) =>
      idsOf(published.filter((packet) => packet.cmd === 'publish' && packet.qos === quality))
    assert.equal(published.length, 4)
    // The order is that of the messages of the same quality of service (MQTT 5.0, section 4.6).
    assert.deepEqual(acknowledged('puback'), publishedWith(1))
    assert.deepEqual(acknowledged('pubrec'), publishedWith(2))
  })

  it('acknowledges the messages of STOMP with the ids of the broker', async () => {
    const queue = new Queue()
    const url = await serveWebSocket((socket) => queue.serve(socket))
    await replay('stomp', url)
    assert.deepEqual([queue.delivered, queue.acknowledged, queue.unknown], [4, 4, []])
  })
})

/** The packets of one direction, whichever messages carry them. */
function packetsIn(lines: readonly Line[], from: 'in' | 'out'): readonly Packet[] {
  const packets: Packet[] = []
  const parser = mqtt.parser().on('packet', (packet) => packets.push(packet))
  for (const { direction, text, base64 } of lines)
    if (direction === from)
      parser.parse(Buffer.from(String(text ?? base64), text === undefined ? 'base64' : 'utf8'))
  return packets
}

/** A broker with one queue, whose messages have to be acknowledged. */
class Queue {
  delivered = 0
  acknowledged = 0
  /** Ids that it did not give. */
  readonly unknown: string[] = []
  readonly #waiting = ['one', 'one']
  readonly #pending = new Set<string>()

  serve(socket: WebSocket): void {
    const deliver = () => {
      for (const body of this.#waiting.splice(0)) {
        const id = randomUUID()
        this.delivered++
        this.#pending.add(id)
        const headers = `subscription:jobs-1\ndestination:/queue/jobs\nmessage-id:${id}\nack:${id}`
        socket.send(`MESSAGE\n${headers}\n\n${body}\0`)
      }
    }
    socket.on('message', (data) => {
      const [head = '', body = ''] = String(data)
        .replace(/\0\s*$/, '')
        .split('\n\n')
      const [command, ...headers] = head.split('\n')
      const headerOf = (name: string) =>
        headers.find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1)
      if (command === 'CONNECT')
        socket.send(`CONNECTED\nversion:1.2\nsession:${randomUUID()}\nheart-beat:0,0\n\n\0`)
      if (command === 'SEND' && headerOf('destination') === '/queue/jobs') this.#waiting.push(body)
      const isSubscribed = command === 'SUBSCRIBE' && headerOf('id') === 'jobs-1'
      if (isSubscribed || command === 'SEND') deliver()
      const id = headerOf('id') ?? ''
      if (command === 'ACK' && this.#pending.delete(id)) this.acknowledged++
      else if (command === 'ACK') this.unknown.push(id)
      if (command === 'DISCONNECT') {
        socket.send(`RECEIPT\nreceipt-id:${headerOf('receipt')}\n\n\0`)
        socket.close()
      }
    })
  }
}
