import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import { newResumeState } from '../../../src/transport/transport.ts'
import type { Attempt } from '../../support/attempt.ts'
import { closeServers, serveHttp } from '../../support/loopback.ts'
import { serveRaw } from '../../support/raw-server.ts'
import { connect, eventStream, serveStream } from './support.ts'

/** Runs several attempts of the same connection. */
async function attempts(url: string, count: number): Promise<Attempt[]> {
  const resume = newResumeState()
  const all: Attempt[] = []
  for (let i = 0; i < count; i++) {
    const attempt = connect(url, {}, resume)
    all.push(attempt)
    await attempt.outcome
  }
  return all
}

const chunk = (content: string) => `${Buffer.byteLength(content).toString(16)}\r\n${content}\r\n`

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'

describe('an event stream after a reconnect', () => {
  afterEach(closeServers)

  it('resumes with the last event ID in UTF-8 and keeps the reconnection time', async () => {
    const ids: string[] = []
    const url = await serveHttp((request, response) => {
      ids.push(Buffer.from(String(request.headers['last-event-id'] ?? ''), 'latin1').toString())
      eventStream(request, response)
      response.end(
        ids.length === 1 ? 'retry: 1234\nid: …7\ndata: a\n\nid: 8\ndata: lost' : 'data: b\n\nid\n\n',
      )
    })
    const resume = newResumeState()
    await connect(url, {}, resume).outcome
    assert.equal(resume.lastEventId, '…7')
    assert.equal(resume.retry, 1234)
    const second = connect(url, {}, resume)
    await second.outcome
    assert.equal(second.of('message')[0]?.id, '…7')
    assert.equal(resume.lastEventId, '')
    assert.equal(resume.retry, 1234)
    await connect(url, {}, resume).outcome
    assert.deepEqual(ids, ['', '…7', ''])
  })

  it('requests the URL that redirects led to again, whatever their status, with the redirected request', async () => {
    for (const status of [301, 302, 307]) {
      const asked: unknown[] = []
      const listing: RequestListener = (request, response) => {
        const { authorization, 'x-own': own, 'last-event-id': id } = request.headers
        asked.push([request.url, authorization, own, id])
        if (request.url === '/stream') {
          eventStream(request, response)
          response.end(`id: ${asked.length}\ndata: x\n\n`)
        } else response.writeHead(status, { location: elsewhere }).end()
      }
      const elsewhere = `${await serveHttp(listing)}stream`
      const url = `${await serveHttp(listing)}ticket`
      const resume = newResumeState()
      const headers = { Authorization: 'Bearer x', 'X-Own': 'y' }
      for (let i = 0; i < 3; i++) await connect(url, { headers }, resume).outcome
      assert.deepEqual(asked, [
        ['/ticket', 'Bearer x', 'y', undefined],
        ['/stream', undefined, 'y', undefined],
        ['/stream', undefined, 'y', '2'],
        ['/stream', undefined, 'y', '3'],
      ])
    }
  })

  it('requests by GET if a redirect changed POST to GET, and by POST otherwise', async () => {
    for (const [status, expected] of [
      [303, ['POST /', 'GET /stream', 'GET /stream']],
      [307, ['POST /', 'POST /stream body', 'POST /stream body']],
    ] as const) {
      const asked: string[] = []
      const url = await serveHttp(async (request, response) => {
        const body = await readText(request)
        asked.push(`${request.method} ${request.url}${request.url === '/' ? '' : ` ${body}`}`.trim())
        if (request.url === '/') return void response.writeHead(status, { location: '/stream' }).end()
        eventStream(request, response)
        response.end('data: x\n\n')
      })
      const resume = newResumeState()
      for (let i = 0; i < 2; i++) await connect(url, { body: 'body', reconnect: 'backoff' }, resume).outcome
      assert.deepEqual(asked, expected)
    }
  })

  it('requests the first URL again if a redirect led to a refusal', async () => {
    const asked: string[] = []
    const url = await serveHttp((request, response) => {
      asked.push(request.url ?? '')
      if (request.url === '/') response.writeHead(302, { location: '/stream' }).end()
      else response.writeHead(503).end()
    })
    const resume = newResumeState()
    for (let i = 0; i < 2; i++) await connect(url, {}, resume).outcome
    assert.deepEqual(asked, ['/', '/stream', '/', '/stream'])
  })

  it('reports a long ID once, and then that later events have the same', async () => {
    const long = 'x'.repeat(129)
    const short = 'y'.repeat(128)
    const bodies = [
      `id: ${long}\ndata: 1\n\ndata: 2\n\n:c\ndata: 3\n\nid: ${long}\ndata: 4\n\n`,
      `data: 5\n\nid: ${short}\ndata: 6\n\ndata: 7\n\nid: ${long}\n\ndata: 8\n\ndata: 9\n\nid\n\ndata: 10\n\n`,
    ]
    const ids: unknown[] = []
    const url = await serveHttp((request, response) => {
      ids.push(request.headers['last-event-id'])
      eventStream(request, response)
      response.end(bodies[ids.length - 1])
    })
    const told = (await attempts(url, 2)).flatMap((attempt) =>
      attempt.of('message').map(({ id, sameId }) => (sameId ? 'same' : id?.length)),
    )
    assert.deepEqual(told, [129, 'same', 'same', 129, 'same', 128, 128, 129, 'same', undefined])
    assert.deepEqual(ids, [undefined, long])
  })

  it('reports an ID that cannot be sent back', async () => {
    const [, second] = await attempts(await serveStream('id: a\x01\ndata: x\n\n'), 2)
    assert.deepEqual(
      second?.events.map((event) => event.type),
      ['error', 'open', 'message', 'gap', 'close'],
    )
    assert.equal(second?.of('error')[0]?.code, 'BAD_EVENT_ID')
  })

  it('counts events that are repeated after a reconnect, and no others', async () => {
    let request = 0
    const bodies = [
      'id: a\ndata: 1\n\nid: b\ndata: 2\n\n',
      'id: a\ndata: 1\n\nid: b\ndata: 2\n\nid: c\ndata: 3\n\n',
      'id: c\ndata: other\n\nid: c\ndata: 3\n\n',
      'data: 3\n\n',
    ]
    const url = await serveHttp((incoming, response) => {
      eventStream(incoming, response)
      response.end(bodies[request++])
    })
    const gaps = (await attempts(url, 4)).map((attempt) =>
      attempt.of('gap').map(({ time: _, ...gap }) => gap),
    )
    assert.deepEqual(gaps, [[], [{ type: 'gap', repeated: 2 }], [], []])
  })

  it('does not count events without their own ID, or old ones, as repeated', async () => {
    const bodies = ['id: a\ndata: 1\n\ndata: 2\n\n', 'data: 2\n\n']
    const old = Array.from({ length: 300 }, (_, i) => `id: n${i}\ndata: x\n\n`).join('')
    for (const [first, second] of [bodies, [old, 'id: n0\ndata: x\n\n']] as const) {
      let request = 0
      const url = await serveHttp((incoming, response) => {
        eventStream(incoming, response)
        response.end(request++ === 0 ? first : second)
      })
      const [, again] = await attempts(url, 2)
      assert.equal(again?.of('message').length, 1)
      assert.deepEqual(again?.of('gap'), [])
    }
  })

  it('does not count repeated events of a stream that repeats itself anyway', async () => {
    const beat = 'id: x\ndata: beat\n\n'
    const [, second] = await attempts(await serveStream(beat + beat), 2)
    assert.deepEqual(second?.of('gap'), [])
  })

  it('counts missed events if IDs increase by one, and nothing otherwise', async () => {
    const missed = async (...bodies: string[]) => {
      let request = 0
      const url = await serveHttp((incoming, response) => {
        eventStream(incoming, response)
        response.end(bodies[request++])
      })
      const all = await attempts(url, bodies.length)
      return all.flatMap((attempt) => attempt.of('gap').map((gap) => gap.missed))
    }
    const stream = (...ids: unknown[]) => ids.map((id) => `id: ${id}\ndata: x${id}\n\n`).join('')
    assert.deepEqual(await missed(stream(1, 2), stream(6, 7), stream(8)), [3])
    assert.deepEqual(await missed(stream(10, 20), stream(40)), [])
    assert.deepEqual(await missed(stream(1, 2, 5), stream(9)), [])
    assert.deepEqual(await missed(stream(5), stream(9)), [])
    assert.deepEqual(await missed(stream(1, 2), stream(1, 2).replaceAll('x', 'y')), [])
    assert.deepEqual(await missed(stream('1', '2', 'a'), stream('b')), [])
  })

  it('reports a cut connection as ended by the network, and retries', async () => {
    const address = await serveRaw((socket) => {
      socket.write(`${HEAD}${chunk('id: 1\ndata: a\n\ndata: b')}`, () => socket.resetAndDestroy())
    })
    const resume = newResumeState()
    const attempt = connect(`http://${address}/`, {}, resume)
    assert.equal((await attempt.outcome).end, 'lost')
    assert.deepEqual(
      attempt.events.map((event) => event.type),
      ['open', 'message', 'error', 'close'],
    )
    assert.equal(attempt.of('error')[0]?.code, 'ECONNRESET')
    assert.equal(attempt.of('close')[0]?.by, 'network')
    assert.equal(resume.lastEventId, '1')
  })

  it('starts with the user\u2019s Last-Event-ID, then continues with the stream\u2019s own', async () => {
    const ids: unknown[] = []
    const url = await serveHttp((request, response) => {
      ids.push(request.headers['last-event-id'])
      eventStream(request, response)
      response.end(ids.length === 1 ? 'data: no id\n\n' : 'id: 5\ndata: a\n\n')
    })
    const resume = newResumeState()
    for (let i = 0; i < 3; i++) await connect(url, { headers: { 'Last-Event-ID': '3' } }, resume).outcome
    assert.deepEqual(ids, ['3', '3', '5'])
  })
})
