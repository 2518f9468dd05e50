import assert from 'node:assert/strict'
import type { ClientEvent } from '../../../src/session/serve/serve-options.ts'
import { serveSession } from '../../../src/session/serve/serve-session.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { Failure } from '../../../src/shared/failure.ts'
import { MASK } from '../../../src/shared/secrets.ts'
import { message, opened, recordingOf } from '../../support/recording.ts'
import { serve, stopServing } from '../../support/served.ts'

describe('the parts of a session that are not served', () => {
  afterEach(stopServing)

  const asked = (connection: number, transport: 'websocket' | 'long-poll', url: string): RealtimeEvent => ({
    ...{ type: 'connect', connection, time: 0, transport, url, attempt: 0 },
  })
  const texts = (connection: number, count: number) =>
    Array.from({ length: count }, (_, n) => message(n, `${n}`, { connection }))

  it('are reported with a count, once for each reason', async () => {
    const { notes, endpoints } = await serve([
      ...texts(1, 2),
      ...opened(1),
      ...texts(2, 3),
      ...texts(3, 4),
      asked(4, 'websocket', 'ws://[/?token=hunter2'),
      ...texts(4, 1),
      asked(5, 'long-poll', 'http://h/poll'),
      ...texts(5, 2),
      asked(6, 'long-poll', 'http://h/other'),
      { type: 'request', connection: 6, time: 1, url: 'http://h/other', headers: {} },
      { type: 'response', connection: 6, time: 2, status: 200, headers: {}, empty: false },
      ...texts(6, 3),
    ])
    assert.deepEqual(
      endpoints.map(({ connection }) => connection),
      [1, 6],
    )
    assert.deepEqual(notes, [
      '2 connections (7 messages), starting with connection 2, are not served: the session lacks the start of the connection, and with it the URL.',
      `Connection 4 (1 message) is not served: the URL, ws://[/?token=${MASK}, is not valid.`,
      'Connection 5 (2 messages) is not served: it is a poll, and the session has none of its requests and responses.',
      '2 messages of connection 1 are not served: they came before the start of the connection.',
      '2 messages of connection 6 are not served: the session does not say which response of the poll contained them.',
    ])
  })

  it('do not exist if the session is complete, or only lacks what a reader does not need', async () => {
    const [connect, open] = opened()
    assert.ok(connect?.type === 'connect' && open?.type === 'open')
    const { transport: _, status, httpVersion, ...bare } = open
    for (const events of [[connect, open], [connect, bare], [connect]]) {
      const { notes, url } = await serve([...events, message(5, 'hello'), ended(6)])
      assert.deepEqual(notes, [])
      const socket = new WebSocket(url)
      const { data } = await new Promise<{ data: unknown }>((resolve) => {
        socket.addEventListener('message', resolve)
      })
      assert.equal(data, 'hello')
      socket.close()
    }
  })

  it('do not include another connection if the requested one cannot be read', async () => {
    const events: RealtimeEvent[] = [
      { type: 'connect', connection: 1, time: 0, transport: 'sse', url: 'http://h/events', attempt: 0 },
      message(1, 'a', { id: '1' }),
      asked(2, 'long-poll', 'http://h/poll'),
      { type: 'request', connection: 2, time: 1, url: 'http://[', headers: {} },
      { type: 'response', connection: 2, time: 2, status: 200, headers: {}, held: 0, empty: false },
      message(3, 'polled', { connection: 2 }),
    ]
    const source = recordingOf(events)
    const event = (index: number): RealtimeEvent => {
      if (index === 1) throw new Failure('CHANGED', 'The file was changed.')
      return source.event(index)
    }
    const told: ClientEvent[] = []
    const served = await serveSession({ ...source, event }, { onClient: (each) => told.push(each) })
    try {
      const [events, poll] = served.endpoints.map(({ url }) => url)
      await assert.rejects(fetch(events ?? '', { headers: { 'last-event-id': '7' } }))
      assert.match(JSON.stringify(told), /The file was changed\./)
      assert.equal(await (await fetch(poll ?? '')).text(), 'polled')
    } finally {
      await served.close()
    }
  })

  it('do not include a connection without an open that has messages and fails in the end', async () => {
    const [connect] = opened()
    assert.ok(connect)
    const failed: RealtimeEvent = { type: 'error', connection: 1, time: 6, code: 'X', message: 'No.' }
    const { url } = await serve([connect, message(5, 'hello'), failed])
    const socket = new WebSocket(url)
    const { data } = await new Promise<{ data: unknown }>((resolve, reject) => {
      socket.addEventListener('message', resolve)
      socket.addEventListener('error', reject)
    })
    assert.equal(data, 'hello')
    socket.close()
  })
})

function ended(time: number): RealtimeEvent {
  return { type: 'close', connection: 1, time, by: 'server', code: 1000 }
}
