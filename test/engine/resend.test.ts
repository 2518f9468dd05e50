/** A recording that the engine sends again to a live peer. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import type { WebSocket } from 'ws'
import type { Engine } from '../../src/engine/engine.ts'
import { writeRecording } from '../../src/session/write-recording.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import type { ResendParams } from '../../src/shared/protocol/resending.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { LiveEngine } from '../support/live-engine.ts'
import { refusedPort, serveHttp, serveWebSocket } from '../support/loopback.ts'
import { message, opened, recordingOf } from '../support/recording.ts'
import { writeSession } from '../support/recording-file.ts'

const out = { direction: 'out' } as const

/** Two messages 500 ms apart, each with a response. */
const CONVERSATION = [
  ...opened(1, 0.25),
  message(100, 'a', out),
  message(150, 'A'),
  message(600, 'b', out),
  message(650, 'B'),
]

/** Answers each message in upper case. */
function capitals(socket: WebSocket): void {
  socket.on('message', (data, isBinary) => socket.send(String(data).toUpperCase(), { binary: isBinary }))
}

describe('a recording sent again by the engine', () => {
  let live: LiveEngine
  let engine: Engine
  let folder: string

  beforeEach(() => {
    live = new LiveEngine()
    engine = live.engine
    folder = live.folder
  })

  afterEach(() => live.close())

  const recording = (events: readonly RealtimeEvent[] = CONVERSATION) => ({
    file: writeSession(folder, 'recorded.rtsession', events),
    directory: join(folder, 'beside'),
  })

  function params(spec: ConnectionSpec, more: Partial<ResendParams> = {}): ResendParams {
    const from =
      more.file === undefined ? recording() : { file: more.file, directory: join(folder, 'beside') }
    return { ...from, connection: 1, spec, pace: 'time', speed: 1, ticket: 7, ...more }
  }

  /** The events of a type in the live session. */
  async function eventsOf(type: RealtimeEvent['type']): Promise<readonly Record<string, unknown>[]> {
    const { lines } = await engine.handlers.lines({ from: 0, max: 10_000 })
    return lines.map((line) => JSON.parse(line)).filter((event) => event.type === type)
  }

  const messages = () => eventsOf('message')

  it('keeps the recorded times, reports its progress, and ends when every message is answered', async () => {
    const url = await serveWebSocket(capitals)
    const resent = await engine.handlers.resend(params({ url }))
    assert.deepEqual(resent, { id: 1, sent: 2, of: 2, answers: 2, expected: 2, cancelled: false })
    const came = await messages()
    assert.deepEqual(
      came.map(({ direction, text }) => `${direction} ${text}`),
      ['out a', 'in A', 'out b', 'in B'],
    )
    // The first message can be late on a busy machine. The second is due 600 ms after the start.
    const [open] = await eventsOf('open')
    const sent = Number(came[2]?.time) - Number(open?.time)
    assert.ok(sent > 500 && sent < 2000, `${sent} ms after the connection opened`)
    assert.equal(engine.status().connections[0]?.state, 'closed')
    assert.ok(
      live.resending.some(({ ticket, id, sent, of }) => ticket === 7 && id === 1 && sent === 1 && of === 2),
    )
  })

  it('sends at the requested speed', async () => {
    const events = [...opened(), message(60_000, 'a', out), message(60_001, 'A')]
    for (const speed of [1000, null]) {
      const url = await serveWebSocket(capitals)
      const { sent, answers } = await engine.handlers.resend(params({ url }, { ...recording(events), speed }))
      assert.deepEqual([sent, answers], [1, 1])
    }
  })

  it('sends the next message after as many answers as recorded, however they are split', async () => {
    const events = [
      ...opened(),
      message(1, 'ask', out),
      ...Array.from({ length: 300 }, (_, n) => message(2 + n, `answer ${n}`)),
      message(60_000, 'next', out),
    ]
    const seen: string[] = []
    const url = await serveWebSocket((socket) => {
      socket.on('message', (data) => {
        seen.push(String(data))
        if (seen.length > 1) return
        for (let n = 0; n < 299; n++) socket.send(`answer ${n}`)
        setTimeout(() => {
          seen.push('the last answer')
          // In two frames, so that it is not part of a batch.
          socket.send('answer ', { fin: false })
          socket.send('299')
        }, 200)
      })
    })
    const resent = await engine.handlers.resend(params({ url }, { ...recording(events), pace: 'answers' }))
    assert.deepEqual(seen, ['ask', 'the last answer', 'next'])
    assert.deepEqual([resent.sent, resent.answers, resent.failure], [2, 300, undefined])
    const times = (await messages()).map(({ time }) => Number(time))
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
  })

  it('reports that an answer is missing', async () => {
    const url = await serveWebSocket(() => {})
    const events = [...opened(), message(1, 'a', out), message(2, 'A'), message(3, 'b', out)]
    const { failure, sent } = await engine.handlers.resend(
      params({ url }, { ...recording(events), pace: 'answers' }),
    )
    assert.equal(sent, 1)
    assert.equal(failure?.code, 'NO_ANSWER')
    assert.match(failure.message, /sent 0 messages, but 1 were recorded before message 2 of 2/)
  })

  it('is cancelled by its ticket, which closes its connection', async () => {
    const url = await serveWebSocket(capitals)
    const events = [...opened(), message(1, 'a', out), message(600_000, 'b', out)]
    const resent = engine.handlers.resend(params({ url }, recording(events)))
    await live.until(() => live.resending.some(({ sent }) => sent === 1))
    await engine.handlers.cancelResend({ ticket: 7 })
    const { sent, cancelled, failure } = await resent
    assert.deepEqual([sent, cancelled, failure], [1, true, undefined])
    assert.equal(engine.status().connections[0]?.state, 'closed')
  })

  it('sends nothing if it is cancelled before it starts', async () => {
    const url = await serveWebSocket(capitals)
    const resent = engine.handlers.resend(params({ url }))
    await engine.handlers.cancelResend({ ticket: 7 })
    await assert.rejects(async () => await resent, { code: 'CANCELLED' })
    assert.deepEqual(engine.status().connections, [])
  })

  it('reports its progress if the peer or the user closes the connection', async () => {
    const events = [...opened(), message(1, 'a', out), message(600_000, 'b', out)]
    const leaving = await serveWebSocket((socket) => socket.on('message', () => socket.close(1000)))
    const left = await engine.handlers.resend(params({ url: leaving }, recording(events)))
    assert.equal(left.failure?.code, 'NOT_SENT')
    assert.match(left.failure.message, /ended after 1 of the 2 messages were sent/)

    const resent = engine.handlers.resend(params({ url: await serveWebSocket(capitals) }, recording(events)))
    await live.until(() => engine.status().connections[1]?.messagesIn === 1)
    await engine.handlers.disconnect({ id: 2 })
    assert.equal((await resent).failure?.code, 'NOT_SENT')
  })

  it('continues after a reconnect, and gives up if the connection is lost for good', async () => {
    let connections = 0
    const url = await serveWebSocket((socket) => {
      if (++connections === 1) socket.on('message', () => socket.terminate())
      else capitals(socket)
    })
    const events = [...opened(), message(1, 'a', out), message(50, 'b', out), message(60, 'B')]
    const { sent, answers, failure } = await engine.handlers.resend(params({ url }, recording(events)))
    assert.deepEqual([connections, sent, answers, failure], [2, 2, 1, undefined])

    const gone = await serveWebSocket((socket) => socket.on('message', () => socket.terminate()))
    const never = { url: gone, reconnect: 'never' } as const
    const lost = await engine.handlers.resend(params(never, recording(events)))
    assert.equal(lost.failure?.code, 'CONNECTION')
    assert.equal(lost.sent, 1)
  })

  it('says why the peer cannot be reached', async () => {
    const url = `ws://127.0.0.1:${await refusedPort()}/`
    const { failure, sent } = await engine.handlers.resend(params({ url }))
    assert.equal(sent, 0)
    assert.match(failure?.message ?? '', /refused the connection/)
  })

  it('sends what all connections sent, also requests, if none is named', async () => {
    const asked: (string | undefined)[] = []
    const url = await serveHttp((request, response) => {
      asked.push(request.url)
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: B\n\n')
    })
    const stream = { connection: 2, transport: 'sse' } as const
    const events: readonly RealtimeEvent[] = [
      { ...stream, type: 'connect', time: 0, url: 'http://localhost/first', attempt: 0 },
      { ...stream, type: 'open', time: 1, headers: {} },
      message(2, 'B', { connection: 2 }),
      { type: 'close', connection: 2, time: 3, by: 'server' },
      { ...stream, connection: 3, type: 'connect', time: 5, url: 'http://localhost/second', attempt: 0 },
    ]
    const from = recording(events)
    const senders = await engine.handlers.senders(from)
    assert.deepEqual(
      senders.map(({ connection, messages }) => [connection, messages]),
      [
        [2, 1],
        [3, 1],
      ],
    )
    const resent = await engine.handlers.resend(params({ url }, { ...from, connection: undefined }))
    assert.deepEqual(resent, { id: 1, sent: 2, of: 2, answers: 2, expected: 1, cancelled: false })
    assert.deepEqual(asked, ['/', '/second'])
  })

  it('rejects what cannot be sent, with a sentence', async () => {
    const url = 'ws://127.0.0.1:1/'
    const refused = async (more: Partial<ResendParams>, spec: ConnectionSpec = { url }) =>
      await engine.handlers.resend(params(spec, more))
    await assert.rejects(refused(recording([...opened(), message(1, 'A')])), { code: 'NOTHING_TO_SEND' })
    await assert.rejects(refused({ connection: 9 }), { code: 'NO_CONNECTION' })
    await assert.rejects(refused({ file: join(folder, 'nowhere.rtsession') }), /There is no file/)
    await assert.rejects(refused({}, { url: 'ws://' }), { code: 'BAD_URL' })
  })

  it('says which line cannot be sent', async () => {
    const { file, directory } = recording([...opened(), message(1, 'a', out), message(2, 'b', out)])
    const url = await serveWebSocket(capitals)
    const broken = { file: join(folder, 'broken.rtsession'), directory }
    writeFileSync(broken.file, readFileSync(file, 'utf8').replace('"text":"b"', '"text":"b\\x"'))
    const { sent, of, problems } = await engine.handlers.resend(params({ url }, broken))
    assert.deepEqual([sent, of], [1, 1])
    assert.match(problems?.join('\n') ?? '', /^[^\n]*\b5\b[^\n]* skipped[^\n]*$/)
  })

  it('uses the recorded headers and subprotocols, but not masked secrets', async () => {
    const [connect, open] = opened()
    assert.ok(connect?.type === 'connect' && open)
    let asked: Record<string, unknown> = {}
    const url = await serveWebSocket((socket) => capitals(socket), {
      verifyClient: ({ req }: { readonly req: IncomingMessage }) => {
        asked = req.headers
        return true
      },
    })
    const headers = { 'X-Room': '7', Authorization: 'Bearer abc', 'X-Odd': 'Bearer abc', 'X-Mine': 'old' }
    const events = [
      { ...connect, headers, subprotocols: ['chat', 'bearer', 'abc'] },
      open,
      message(5, 'a', out),
    ]
    await engine.handlers.resend(params({ url, headers: { 'x-mine': 'new' } }, recording(events)))
    assert.deepEqual(
      ['x-room', 'x-mine', 'authorization', 'x-odd', 'sec-websocket-protocol'].map((name) => asked[name]),
      ['7', 'new', undefined, undefined, 'chat,bearer'],
    )
  })

  it('lists the connections that sent messages, with secrets masked', async () => {
    const [connect, open] = opened(2, 5, 'ws://localhost/second?token=hush')
    assert.ok(connect?.type === 'connect' && open)
    const headers = { Authorization: 'Bearer hush', 'X-Room': '7' }
    const events = [
      ...opened(3, 0, 'ws://localhost/heard'),
      message(1, 'in', { connection: 3 }),
      { ...connect, headers },
      open,
      message(10, 'x', { ...out, connection: 2 }),
      ...CONVERSATION.map((event) => ({ ...event, time: event.time + 20 })),
    ]
    const senders = await engine.handlers.senders(recording(events))
    assert.deepEqual(
      senders.map(({ connection, messages, url }) => [connection, messages, url]),
      [
        [1, 2, 'ws://localhost:8080/feed'],
        [2, 1, 'ws://localhost/second?token=***'],
      ],
    )
    assert.deepEqual(senders[1]?.headers, { Authorization: '***', 'X-Room': '7' })
    const silent = recording([...opened(), message(1, 'A')])
    await assert.rejects(async () => await engine.handlers.senders(silent), { code: 'NOTHING_TO_SEND' })
  })

  it('sends from a HAR file as well, and leaves no temporary files', async () => {
    const file = join(folder, 'recorded.har')
    await writeRecording(recordingOf(CONVERSATION), file)
    const url = await serveWebSocket(capitals)
    const directory = join(folder, 'beside')
    const [sender] = await engine.handlers.senders({ file, directory })
    assert.equal(sender?.messages, 2)
    const resent = await engine.handlers.resend(params({ url }, { file, directory, speed: null }))
    assert.deepEqual([resent.sent, resent.answers], [2, 2])
    assert.equal(existsSync(directory), false)
  })
})
