/** Event streams and other streams of real programs, looked on while they pass. */
import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { createGzip } from 'node:zlib'
import { EventSource } from 'eventsource'
import { becomes, eventually } from '../../support/eventually.ts'
import { lookOn, startSession } from '../../support/looking-on.ts'
import { closeServers, refusedUrl, serveHttp } from '../../support/loopback.ts'
import { startProxied, stopProxies } from '../../support/recorded-proxy.ts'

describe('streams of other programs', () => {
  afterEach(closeServers)

  it('records the events of an EventSource, and its own reconnect as the next attempt', async () => {
    const session = startSession()
    const asked: (string | undefined)[] = []
    const url = await lookOn(
      session,
      await serveHttp((request, response) => {
        asked.push(request.headers['last-event-id']?.toString())
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(`:hello\nretry: 10\nid: ${asked.length}\nevent: tick\ndata: ${asked.length}\n\n`)
        if (asked.length < 3) response.end()
      }),
    )
    const source = new EventSource(`${url}events?token=abc`)
    await becomes(() => session.texts(), ['1', '2', '3'])
    source.close()
    await becomes(() => session.of('close').map(({ by }) => by), ['server', 'server', 'client'])
    assert.deepEqual(asked, [undefined, '1', '2'])
    const [first, ...later] = session.of('connect')
    assert.equal(first?.source, 'proxy')
    assert.equal(first?.transport, 'sse')
    assert.deepEqual(
      later.map(({ connection, attempt }) => [connection, attempt]),
      [
        [1, 1],
        [1, 2],
      ],
    )
    assert.deepEqual(
      session.of('reconnect').map(({ lastEventId }) => lastEventId),
      ['1', '2'],
    )
    const ends = session.of('close').map(({ time }) => time)
    for (const [index, { delay, time }] of session.of('reconnect').entries())
      assert.equal(delay, time - (ends[index] ?? 0))
    assert.deepEqual(
      session.of('message').map(({ event, id }) => [event, id]),
      [
        ['tick', '1'],
        ['tick', '2'],
        ['tick', '3'],
      ],
    )
    assert.equal(session.of('comment').length, 3)
    assert.equal(session.hub.get(1).status().reconnects, 2)
  })

  it('begins anew after the program has closed its EventSource', async () => {
    const session = startSession()
    const url = await lookOn(
      session,
      await serveHttp((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write('data: a\n\n')
      }),
    )
    for (let count = 1; count <= 2; count++) {
      const source = new EventSource(url)
      await eventually(() => assert.equal(session.texts().length, count))
      source.close()
      await eventually(() => assert.equal(session.of('close').length, count))
    }
    assert.deepEqual(
      session.of('connect').map(({ connection }) => connection),
      [1, 2],
    )
    assert.deepEqual(session.of('reconnect'), [])
  })

  it('keeps two connections to one URL apart while both are open', async () => {
    const session = startSession()
    const open: ServerResponse[] = []
    const target = await serveHttp((_request, response) => {
      open.push(response)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('retry: 1\ndata: a\n\n')
    })
    const url = await lookOn(session, target)
    const sources = [new EventSource(url), new EventSource(url)]
    await eventually(() => assert.equal(session.texts().length, 2))
    assert.deepEqual(
      session.of('connect').map(({ connection }) => connection),
      [1, 2],
    )
    for (const response of open.splice(0)) response.end()
    await eventually(() => assert.equal(session.texts().length, 4))
    assert.deepEqual(
      session
        .of('connect')
        .slice(2)
        .map(({ connection }) => connection)
        .sort(),
      [1, 2],
    )
    for (const source of sources) source.close()
  })

  it('records why an EventSource got no stream', async () => {
    const session = startSession()
    const url = await lookOn(
      session,
      await serveHttp((_request, response) => {
        response.writeHead(401, { 'content-type': 'text/plain' })
        response.end('no ticket')
      }),
    )
    const source = new EventSource(url)
    await eventually(() => assert.equal(session.of('error').length, 1))
    source.close()
    const [error] = session.of('error')
    assert.equal(error?.status, 401)
    assert.match(error?.message ?? '', /no ticket/)
    const status = session.hub.get(1).status()
    assert.equal(status.state, 'failed')
    assert.equal(status.errorCode, 'HTTP_STATUS')
  })

  it('records that an EventSource reached no server', async () => {
    const session = startSession()
    const source = new EventSource(await lookOn(session, (await refusedUrl()).replace('ws:', 'http:')))
    await eventually(() => assert.equal(session.of('error').length, 1))
    source.close()
    assert.equal(session.of('error')[0]?.code, 'ECONNREFUSED')
    assert.equal(session.hub.get(1).status().state, 'failed')
  })

  it('records NDJSON as it arrives, with exact sizes if the source knows them', async () => {
    const session = startSession()
    let finish = () => {}
    const url = await lookOn(
      session,
      await serveHttp((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/x-ndjson', 'content-length': 16 })
        response.write('{"a":1}\n')
        finish = () => response.end('{"a":2}\n')
      }),
    )
    const answer = await fetch(`${url}feed`)
    await becomes(() => session.texts(), ['{"a":1}'])
    assert.equal(session.hub.get(1).status().state, 'open')
    finish()
    await answer.text()
    await becomes(() => session.of('close').map(({ by }) => by), ['server'])
    assert.equal(session.of('open')[0]?.framing, 'ndjson')
    assert.deepEqual(
      session.of('message').map(({ wireSize }) => wireSize),
      [8, 8],
    )
  })

  it('leaves the size on the connection open if the source does not know it', async () => {
    const session = startSession()
    const url = await lookOn(
      session,
      await serveHttp((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/x-ndjson' })
        response.end('1\n')
      }),
    )
    await (await fetch(url)).text()
    await becomes(() => session.texts(), ['1'])
    assert.equal(session.of('message')[0]?.wireSize, undefined)
    assert.equal(session.of('open')[0]?.headSize, undefined)
  })

  it('decodes a stream that is compressed', async () => {
    const session = startSession()
    const url = await lookOn(
      session,
      await serveHttp((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' })
        const gzip = createGzip()
        gzip.pipe(response)
        gzip.end('data: a\n\ndata: b\n\n')
      }),
    )
    await (await fetch(url)).text()
    await becomes(() => session.texts(), ['a', 'b'])
  })

  it('have ended, with all that arrived, once their proxies have stopped', async () => {
    const target = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' })
      const gzip = createGzip()
      gzip.pipe(response)
      gzip.write('data: a\n\n'.repeat(10_000))
      gzip.flush()
    })
    const session = await startProxied(new URL(target).origin)
    const response = await fetch(`http://${session.authority}/events`)
    await response.body?.getReader().read()
    await stopProxies()
    assert.equal(session.of('message').length, 10_000)
    assert.equal(session.of('close').length, 1)
  })

  it('recognizes a stream of another type by the pieces in which it arrives', async () => {
    const session = startSession()
    let next = () => {}
    const url = await lookOn(
      session,
      await serveHttp((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.write('{"a":1}\n')
        next = () => response.write('{"a":2}\n')
      }),
    )
    const control = new AbortController()
    await fetch(url, { signal: control.signal })
    const timer = setInterval(() => next(), 150)
    await eventually(() => assert.deepEqual(session.texts().slice(0, 2), ['{"a":1}', '{"a":2}']))
    clearInterval(timer)
    control.abort()
    await becomes(() => session.of('close').map(({ by }) => by), ['client'])
    assert.deepEqual(session.of('error'), [])
  })

  for (const [what, type, record, size] of [
    ['more than is kept', 'application/json', (n: number) => `{"n":${n},"of":["a"]}\n`, 400_000],
    ['more than is kept', 'text/plain', (n: number) => `line ${n}\n`, 400_000],
    ['more than fits into the first packets', 'application/json', (n: number) => `{"n":${n}}\n`, 60_000],
  ] as const)
    it(`recognizes a stream of the type ${type} that began with ${what}, by the records that follow`, async () => {
      const session = startSession()
      let next = (_record: string) => {}
      const url = await lookOn(
        session,
        await serveHttp((_request, response) => {
          response.writeHead(200, { 'content-type': type })
          const first = record(0)
          response.write(first.repeat(size / first.length))
          next = (text) => response.write(text)
        }),
      )
      const control = new AbortController()
      const response = await fetch(url, { signal: control.signal })
      const reading = response.text().catch(() => undefined)
      const sent: string[] = []
      const timer = setInterval(() => {
        sent.push(record(sent.length + 1))
        next(sent.at(-1) ?? '')
      }, 200)
      await eventually(() => assert.ok(session.texts().includes(sent[5]?.trim() ?? 'none')))
      clearInterval(timer)
      control.abort()
      await reading
      await becomes(() => session.of('close').map(({ by }) => by), ['client'])
      // The last part of the beginning may be whole records, too.
      const late = session.texts().filter((text) => !record(0).includes(text))
      const firstLate = sent.findIndex((text) => text.trim() === late[0])
      assert.deepEqual(
        late,
        sent.slice(firstLate, firstLate + late.length).map((text) => text.trim()),
      )
      const isLossy = size > 256 * 1024
      if (!isLossy) assert.equal(firstLate, 0)
      assert.deepEqual(session.of('error'), [])
      const [mark] = session.of('mark')
      if (isLossy)
        assert.match(mark?.text ?? '', /^The first \d{3} kB of the response of connection 1 came before/)
      else assert.equal(mark, undefined)
    })

  it('does not take a large download for a stream, however slowly it comes', async () => {
    const session = startSession()
    const rows = Array.from({ length: 40_000 }, (_, n) => `{"row":${n}}\n`).join('')
    const url = await lookOn(
      session,
      await serveHttp(async (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.write(rows.slice(0, 300_000))
        for (let at = 300_000; at < rows.length; at += 20_011) {
          await setTimeout(150)
          response.write(rows.slice(at, at + 20_011))
        }
        response.end()
      }),
    )
    assert.equal(await (await fetch(url)).text(), rows)
    assert.deepEqual(session.events, [])
  })

  it('stores nothing of pages and their parts, of plain responses and of failures', async () => {
    const session = startSession()
    const types = [
      'text/html',
      'text/css',
      'text/javascript',
      'image/png',
      'font/woff2',
      'application/json',
      'audio/mpeg',
    ]
    const target = await serveHttp((request, response) => {
      const type = types[Number(request.url?.slice(1))]
      response.writeHead(type === undefined ? 404 : 200, {
        'content-type': type ?? 'text/plain',
        'content-length': 2,
      })
      response.end('[]')
    })
    const url = await lookOn(session, target)
    for (let index = 0; index <= types.length; index++)
      assert.equal(await (await fetch(url + index)).text(), '[]')
    assert.deepEqual(session.events, [])
  })

  for (const [what, status, type] of [
    ['a script', 200, 'text/javascript'],
    ['a page', 200, 'text/html'],
    ['a plain response', 200, 'text/plain'],
    ['a failure', 500, 'text/plain'],
  ] as const)
    for (const method of ['GET', 'PUT'])
      it(`does not hold up the content of ${what}, asked for by ${method}, however large it is`, async () => {
        const url = await lookOn(
          startSession(),
          await serveHttp((_request, response) => {
            response.writeHead(status, { 'content-type': type }).end('x'.repeat(3_000_000))
          }),
        )
        const response = await fetch(url, { method })
        assert.equal((await response.text()).length, 3_000_000)
      })

  it('does not say who ended a stream that is only no longer seen', async () => {
    const { host, of, hub } = startSession()
    const exchange = host.exchange({
      ...{ source: 'debugger', through: 1, program: 'app', url: 'http://127.0.0.1/events', time: 1 },
    })
    exchange.response({ time: 2, status: 200, headers: { 'content-type': 'text/event-stream' } })
    exchange.fail({ time: 3, reason: 'no longer attached to the program, in which it goes on' })
    await becomes(
      () => of('close'),
      [
        {
          ...{ type: 'close', connection: 1, time: 3 },
          reason: 'no longer attached to the program, in which it goes on',
        },
      ],
    )
    assert.deepEqual(of('error'), [])
    assert.equal(hub.get(1).status().state, 'closed')
  })

  it('ends a connection on both sides if the user disconnects it', async () => {
    const session = startSession()
    const url = await lookOn(
      session,
      await serveHttp((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write('data: a\n\n')
      }),
    )
    const response = await fetch(url)
    await becomes(() => session.texts(), ['a'])
    await session.hub.get(1).disconnect()
    await assert.rejects(response.text())
    assert.deepEqual(
      session.of('close').map(({ by }) => by),
      ['client'],
    )
  })
})
