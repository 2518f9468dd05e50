import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import type { WebSocket } from 'ws'
import type { Clock } from '../../src/shared/clock.ts'
import { connectionStarter, type RecordedConnection } from '../support/connection.ts'
import { refusedUrl, serveHttp, serveWebSocket } from '../support/loopback.ts'

describe('a connection that reconnects', () => {
  const start = connectionStarter()

  it('retries if it never opened and the user set a policy, until it gives up', async () => {
    const recorded = start({ url: await refusedUrl(), reconnect: 5, maxAttempts: 3 })
    const outcome = await recorded.connection.done
    assert.equal(outcome.end, 'failed')
    assert.match(outcome.reason, /Gave up on ws:.* after 3 attempts \(connection refused\); check the server/)
    assert.deepEqual(
      recorded.of('reconnect').map(({ attempt, delay, reason }) => [attempt, delay, reason]),
      [1, 2, 3].map((attempt) => [attempt, 5, 'connection refused']),
    )
    assert.deepEqual(
      recorded.of('connect').map((event) => event.attempt),
      [0, 1, 2, 3],
    )
    assert.equal(recorded.of('error').at(-1)?.code, 'GAVE_UP')
    const { reconnects, errors, lastError } = recorded.connection.status()
    assert.deepEqual([reconnects, errors, lastError], [3, 5, outcome.reason])
  })

  it('reconnects after a loss, with attempt, delay and reason', async () => {
    let connections = 0
    const url = await serveWebSocket((socket) => {
      connections++
      if (connections === 1) socket.close(1012, 'restarting')
      else socket.send('again')
    })
    const recorded = start({ url, reconnect: 10 })
    await recorded.until('message')
    assert.deepEqual(recorded.types, ['connect', 'open', 'close', 'reconnect', 'connect', 'open', 'message'])
    const [reconnect] = recorded.of('reconnect')
    assert.deepEqual([reconnect?.attempt, reconnect?.delay], [1, 10])
    assert.match(reconnect?.reason ?? '', /1012 \(service restart\): restarting/)
    assert.deepEqual(recorded.states, ['open', 'waiting', 'connecting', 'open'])
  })

  it('backs off by default after it has been open', async () => {
    const recorded = start({ url: await serveWebSocket((socket) => socket.terminate()) })
    await recorded.until('reconnect')
    assert.equal(recorded.of('reconnect')[0]?.delay, 250)
    const { state, retry } = recorded.connection.status()
    assert.deepEqual([state, retry?.attempt], ['waiting', 1])
    assert.equal(retry?.at, (recorded.of('reconnect')[0]?.time ?? 0) + 250)
  })

  it('does not reconnect if the policy is never: a loss fails, an end is an end', async () => {
    const lost = start({ url: await serveWebSocket((socket) => socket.terminate()), reconnect: 'never' })
    assert.equal((await lost.connection.done).end, 'failed')
    assert.equal(lost.connection.status().state, 'failed')
    const ended = start({ url: await serveWebSocket((socket) => socket.close(1001)), reconnect: 'never' })
    assert.equal((await ended.connection.done).end, 'done')
    assert.ok(![...lost.types, ...ended.types].includes('reconnect'))
  })

  it('counts short attempts, and from one again after a long one', async () => {
    let ahead = 0
    const clock: Clock = { startedAt: new Date(0), now: () => performance.now() + ahead }
    const sockets: WebSocket[] = []
    const url = await serveWebSocket((socket) => {
      sockets.push(socket)
      if (sockets.length < 4) socket.terminate()
    })
    const recorded = start({ url, reconnect: 1 }, clock)
    await recorded.until('open', 4)
    ahead = 5000
    sockets.at(-1)?.terminate()
    await recorded.until('reconnect', 4)
    assert.deepEqual(
      recorded.of('reconnect').map((event) => event.attempt),
      [1, 2, 3, 1],
    )
  })

  it('gives up on a server that accepts and closes, not on one that sends something', async () => {
    const idle = start({
      url: await serveWebSocket((socket) => socket.terminate()),
      reconnect: 1,
      maxAttempts: 2,
    })
    assert.match((await idle.connection.done).reason, /Gave up/)
    let greeted = 0
    const url = await serveWebSocket((socket) => {
      greeted++
      socket.send('hello', () => socket.close(1011))
    })
    const greeting = start({ url, reconnect: 1 })
    await greeting.until('message', 12)
    assert.ok(greeted >= 12)
  })

  it('paces attempts that the server ends at once again and again, however soon it asks for the next', async () => {
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end('retry: 0\ndata: a\n\n')
    })
    const recorded = start({ url, transport: 'sse' })
    await recorded.until('reconnect', 13)
    const opened = recorded.of('open').map(({ time }) => time)
    for (const [index, { time, delay }] of recorded.of('reconnect').entries())
      if (index < 10) assert.equal(delay, 0)
      else assert.ok(delay > 0 && time + delay - (opened[index] ?? 0) >= 100, `${index} ${delay}`)
  })

  it('gives up on a server that reads a message and closes', async () => {
    const url = await serveWebSocket((socket) => socket.on('message', () => socket.terminate()))
    const recorded = start({ url, reconnect: 1 })
    for (let count = 1; count <= 11; count++) {
      await recorded.until('open', count)
      await recorded.untilState('open')
      recorded.connection.send({ opcode: 'text', payload: Buffer.from('hello') })
    }
    assert.match((await recorded.connection.done).reason, /Gave up .* after 10 attempts/)
  })

  it('gives up after the number of attempts that the user set, whatever arrived', async () => {
    const url = await serveWebSocket((socket) => socket.send('hello', () => socket.close(1011)))
    const recorded = start({ url, reconnect: 1, maxAttempts: 2 })
    assert.match((await recorded.connection.done).reason, /Gave up .* after 2 attempts/)
    assert.equal(recorded.of('message').length, 3)
  })

  it('gives up on polls that are always refused', async () => {
    const url = await serveHttp((_request, response) => response.writeHead(503).end())
    const recorded = start({ url, transport: 'long-poll', reconnect: 1, maxAttempts: 3 })
    assert.match((await recorded.connection.done).reason, /Gave up .* after 3 attempts \(HTTP/)
    assert.equal(recorded.connection.status().responses, 4)
  })

  it('starts the backoff over after each attempt that received something, however short', async () => {
    const greeting = start({
      url: await serveWebSocket((socket) => socket.send('hello', () => socket.close(1011))),
    })
    const stream = start({
      url: await serveHttp((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: hello\n\n')
      }),
    })
    const silent = start({ url: await serveWebSocket((socket) => socket.close(1011)) })
    await Promise.all([greeting, stream].map((recorded) => recorded.until('reconnect', 3)))
    await silent.until('reconnect', 2)
    const delays = (recorded: RecordedConnection) => recorded.of('reconnect').map((event) => event.delay)
    assert.deepEqual(delays(greeting).slice(0, 3), [250, 250, 250])
    assert.deepEqual(delays(stream).slice(0, 3), [250, 250, 250])
    assert.deepEqual(delays(silent).slice(0, 2), [250, 500])
  })

  it('starts the delays over within the number of attempts that the user set', async () => {
    const url = await serveWebSocket((socket) => socket.send('hello', () => socket.close(1011)))
    const recorded = start({ url, maxAttempts: 3 })
    assert.match((await recorded.connection.done).reason, /Gave up .* after 3 attempts/)
    assert.deepEqual(
      recorded.of('reconnect').map((event) => event.delay),
      [250, 250, 250],
    )
  })

  it('reconnects after a close code that says not to only if the user set a policy', async () => {
    for (const code of [1008, 4401]) {
      let opened = 0
      const url = await serveWebSocket((socket) => {
        opened++
        socket.close(code, 'because')
      })
      const left = start({ url })
      assert.equal((await left.connection.done).end, 'failed')
      assert.deepEqual(left.types, ['connect', 'open', 'close'])
      const never = start({ url, reconnect: 'never' })
      await never.connection.done
      assert.equal(opened, 2)
      const told = start({ url, reconnect: 1 })
      await told.until('reconnect', 2)
      assert.match(told.of('reconnect')[0]?.reason ?? '', new RegExp(`closed with ${code} .*because`))
      await told.connection.disconnect()
    }
  })

  it('stops at once while it waits to reconnect', async () => {
    const recorded = start({ url: await refusedUrl(), reconnect: 600_000 })
    await recorded.untilState('waiting')
    await recorded.connection.disconnect()
    assert.equal((await recorded.connection.done).end, 'done')
    assert.deepEqual(recorded.types, ['connect', 'error', 'reconnect', 'close'])
    assert.equal(recorded.of('close')[0]?.by, 'client')
    assert.equal(recorded.connection.status().state, 'closed')
    assert.equal(recorded.connection.status().retry, undefined)
  })

  it('reconnects now: while waiting, during an attempt, and after the end', async () => {
    let refuse = true
    const url = await serveWebSocket((socket) => {
      if (refuse) socket.terminate()
    })
    const recorded = start({ url, reconnect: 600_000 })
    await recorded.untilState('waiting')
    refuse = false
    recorded.connection.reconnect()
    await recorded.until('open', 2)
    recorded.connection.reconnect()
    await recorded.until('open', 3)
    assert.equal(recorded.of('close').at(-1)?.by, 'client')
    await recorded.connection.disconnect()
    recorded.connection.reconnect()
    await recorded.until('open', 4)
    assert.deepEqual(
      recorded.of('reconnect').map(({ attempt, delay }) => [attempt, delay]),
      [
        [1, 600_000],
        [2, 0],
        [3, 0],
      ],
    )
    assert.deepEqual(
      recorded.of('connect').map((event) => event.attempt),
      [0, 1, 2, 3],
    )
    await recorded.connection.disconnect()
    assert.equal((await recorded.connection.done).end, 'done')
  })

  it('follows the retry time and the last event ID of an event stream', async () => {
    const seen: (string | undefined)[] = []
    const url = await serveHttp((request, response: ServerResponse) => {
      seen.push(request.headers['last-event-id']?.toString())
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(`retry: 20\nid: ${seen.length}\ndata: hello\n\n`)
    })
    const recorded = start({ url, transport: 'sse' })
    await recorded.until('message', 3)
    assert.deepEqual(seen.slice(0, 3), [undefined, '1', '2'])
    assert.deepEqual(
      recorded
        .of('reconnect')
        .slice(0, 2)
        .map(({ delay, lastEventId }) => [delay, lastEventId]),
      [
        [20, '1'],
        [20, '2'],
      ],
    )
  })

  it('ends an event stream at a server error, as browsers do, unless the user set a policy', async () => {
    let requests = 0
    const url = await serveHttp((_request, response: ServerResponse) => {
      requests++
      if (requests % 3 !== 1) response.writeHead(503).end()
      else response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: hello\n\n')
    })
    const told = start({ url, transport: 'sse', reconnect: 1 })
    await told.until('message', 2)
    await told.connection.disconnect()
    assert.deepEqual(
      told.of('error').map(({ status }) => status),
      [503, 503],
    )
    requests = 0
    const standard = start({ url, transport: 'sse' })
    assert.equal((await standard.connection.done).end, 'failed')
    assert.equal(standard.of('message').length, 1)
    const refused = start({
      url: await serveHttp((_, response) => response.writeHead(403).end()),
      reconnect: 1,
    })
    assert.equal((await refused.connection.done).end, 'failed')
  })

  it('follows the Retry-After of a refusal, once, in all transports', async () => {
    for (const transport of ['http-stream', 'sse', 'poll', 'long-poll', 'auto', 'websocket'] as const) {
      let requests = 0
      const url = await serveHttp((request, response: ServerResponse) => {
        requests++
        if (requests === 1) response.writeHead(503, { 'retry-after': '1' }).end()
        else request.socket.destroy()
      })
      const asked = transport === 'websocket' ? url.replace('http:', 'ws:') : url
      const recorded = start({ url: asked, transport, reconnect: 'backoff' })
      await recorded.until('reconnect', 2)
      assert.deepEqual(
        recorded.of('reconnect').map(({ delay }) => delay),
        [1000 + 250, 500],
        transport,
      )
      await recorded.connection.disconnect()
    }
  })

  it('waits longer than the retry time if the last attempt failed, and never longer than a timer can', async () => {
    let requests = 0
    const url = await serveHttp((request, response: ServerResponse) => {
      requests++
      if (requests === 2) {
        request.socket.destroy()
        return
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(`retry: ${requests === 1 ? 20 : '9'.repeat(30)}\ndata: hello\n\n`)
    })
    const recorded = start({ url, transport: 'sse' })
    await recorded.until('reconnect', 3)
    assert.deepEqual(
      recorded.of('reconnect').map(({ delay }) => delay),
      [20, 20 + 500, 2 ** 31 - 1],
    )
    await recorded.connection.disconnect()
  })

  it('stays paused after a reconnect', async () => {
    const sockets: WebSocket[] = []
    const url = await serveWebSocket((socket) => {
      sockets.push(socket)
      socket.send(`hello ${sockets.length}`)
    })
    const recorded = start({ url, reconnect: 1 })
    await recorded.until('message')
    recorded.connection.pause()
    assert.equal(recorded.connection.status().stalled, true)
    recorded.connection.reconnect()
    await recorded.until('open', 2)
    await new Promise((resolve) => setTimeout(resolve, 30))
    assert.deepEqual(recorded.texts(), ['hello 1'])
    recorded.connection.resume()
    await recorded.until('message', 2)
    assert.deepEqual(recorded.texts(), ['hello 1', 'hello 2'])
  })

  it('reconnects to the URL that redirects led to, and reports it', async () => {
    const asked: string[] = []
    const url = await serveHttp((request, response) => {
      asked.push(request.url ?? '')
      if (request.url === '/') return void response.writeHead(302, { location: '/stream?token=1' }).end()
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end('data: x\n\n')
    })
    const recorded = start({ url, reconnect: 1, maxAttempts: 2 })
    await recorded.connection.done
    assert.deepEqual(asked, ['/', '/stream?token=1', '/stream?token=1', '/stream?token=1'])
    assert.deepEqual(
      recorded.of('connect').map((connect) => connect.url),
      [url, `${url}stream?token=1`, `${url}stream?token=1`],
    )
    assert.equal(recorded.connection.status().url, url)
  })
})
