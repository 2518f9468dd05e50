/** Polls of other programs, found by repetition. */
import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { SeenControl, SeenExchange, SeenStart } from '../../../src/shared/traffic.ts'
import { becomes, eventually } from '../../support/eventually.ts'
import { lookOn, type Session, startSession } from '../../support/looking-on.ts'
import { closeServers, serveHttp } from '../../support/loopback.ts'

interface Request extends Partial<SeenStart> {
  /** When it is sent. */
  readonly at: number
  /** Milliseconds until it is answered. Default 10. */
  readonly held?: number
  readonly status?: number
  readonly type?: string
  readonly content?: string
  readonly control?: SeenControl
}

/** A session whose clock shows the time of the latest request, and what sends requests in it. */
function timed(): Session & { ask(request: Request): SeenExchange } {
  let now = 0
  const session = startSession({ startedAt: new Date(), now: () => now })
  const ask = ({
    at,
    held = 10,
    status = 200,
    type = 'application/json',
    content = '{}',
    control,
    ...start
  }: Request) => {
    const app = { source: 'proxy', through: 1, program: 'app' } as const
    const request = { ...app, url: 'http://127.0.0.1/state', method: 'GET', time: at, ...start }
    const exchange = session.host.exchange(request, control)
    now = at + held
    exchange.response({
      time: now,
      status,
      headers: { 'content-type': type, 'content-length': `${content.length}` },
    })
    if (content !== '') exchange.data({ time: now, bytes: Buffer.from(content), wireSize: content.length })
    exchange.end({ time: now })
    return exchange
  }
  return { ...session, ask }
}

/** Sends requests at times, each with other fields. */
async function askAll(requests: readonly Request[]): Promise<Session> {
  const session = timed()
  for (const request of requests) {
    session.ask(request)
    // What was sent is read before the next request.
    await delay(0)
  }
  await delay(0)
  return session
}

function transports({ of }: Session): string[] {
  return of('connect').map(({ transport }) => transport)
}

describe('polls of other programs', () => {
  afterEach(closeServers)

  it('records all requests at a steady interval with their own times, once there are four', async () => {
    const times = [1000, 3000, 5010, 7000, 9000]
    const session = await askAll(times.map((at) => ({ at, content: `{"at":${at}}` })))
    assert.deepEqual(transports(session), ['poll'])
    assert.equal(session.of('connect')[0]?.time, 1000)
    assert.deepEqual(
      session.of('request').map(({ time }) => time),
      times,
    )
    assert.deepEqual(
      session.of('response').map(({ time, held }) => [time, held]),
      times.map((at) => [at + 10, 10]),
    )
    assert.deepEqual(
      session.texts(),
      times.map((at) => `{"at":${at}}`),
    )
    assert.deepEqual(
      session.of('message').map(({ time, wireSize }) => [time, wireSize]),
      [[1010, 11], ...times.slice(1).map((at) => [at + 10, 11])],
    )
    assert.equal(session.of('open').length, 1)
    const { state, responses, transport } = session.hub.get(1).status()
    assert.deepEqual({ state, responses, transport }, { state: 'open', responses: 5, transport: 'poll' })
  })

  it('tells a long poll by responses that are held, each with a request that follows at once', async () => {
    const session = await askAll([
      { at: 0, held: 25_000, url: 'http://127.0.0.1/poll?EIO=4&transport=polling&sid=a1&t=x1' },
      { at: 25_050, held: 4000, url: 'http://127.0.0.1/poll?EIO=4&transport=polling&sid=a1&t=x2' },
      { at: 29_060, held: 30, url: 'http://127.0.0.1/poll?EIO=4&transport=polling&sid=a1&t=x3' },
    ])
    assert.deepEqual(transports(session), ['long-poll'])
    assert.deepEqual(
      session.of('response').map(({ held }) => held),
      [25_000, 4000, 30],
    )
  })

  it('records polls by POST and those answered with 304 and 204', async () => {
    const body = (id: number) => `[{"id":"${id}","channel":"/meta/connect","clientId":"7c1o8k2xw3m1"}]`
    const bayeux = await askAll(
      [0, 1, 2].map((n) => ({ at: n * 30_010, held: 30_000, method: 'POST', body: body(n) })),
    )
    assert.deepEqual(transports(bayeux), ['long-poll'])
    assert.deepEqual(
      bayeux
        .of('request')
        .slice(1)
        .map((request) => request.body),
      [body(1), body(2)],
    )
    const unchanged = await askAll(
      [0, 1, 2, 3].map((n) => ({ at: n * 1000, status: n % 2 ? 304 : 204, content: '' })),
    )
    assert.deepEqual(transports(unchanged), ['poll'])
    assert.deepEqual(
      unchanged.of('response').map(({ empty }) => empty),
      [true, true, true, true],
    )
  })

  const NOT_POLLS: Readonly<Record<string, readonly Request[]>> = {
    'a few clicks': [0, 1200, 5000, 5900, 20_000].map((at) => ({ at })),
    'three requests': [0, 1000, 2000].map((at) => ({ at })),
    'a search while someone types': ['a', 'ab', 'abc', 'abcd', 'abcde'].map((q, n) => ({
      at: n * 300,
      url: `http://127.0.0.1/search?q=${q}`,
    })),
    'page after page': Array.from({ length: 12 }, (_, n) => ({
      at: n * 400,
      held: 390,
      url: `http://127.0.0.1/items?cursor=${n}`,
    })),
    'scripts of a page': Array.from({ length: 9 }, (_, n) => ({ at: n * 1000, type: 'text/javascript' })),
    'a page that reloads itself': Array.from({ length: 9 }, (_, n) => ({ at: n * 1000, type: 'text/html' })),
    preflights: Array.from({ length: 9 }, (_, n) => ({ at: n * 1000, method: 'OPTIONS' })),
    'reports that get no answer': Array.from({ length: 9 }, (_, n) => ({
      at: n * 1000,
      method: 'POST',
      body: '{}',
      content: '',
    })),
    uploads: Array.from({ length: 9 }, (_, n) => ({
      at: n * 1000,
      method: 'POST',
      body: 'x'.repeat(20_000),
    })),
    'images by script': Array.from({ length: 9 }, (_, n) => ({
      at: n * 1000,
      headers: { 'sec-fetch-dest': 'image' },
    })),
    'different programs': Array.from({ length: 6 }, (_, n) => ({ at: n * 1000, program: `app ${n % 3}` })),
  }
  for (const [what, requests] of Object.entries(NOT_POLLS))
    it(`stores nothing of ${what}`, async () => {
      const session = await askAll(requests)
      assert.deepEqual(session.events, [])
    })

  it('stores nothing of requests that are open at once', () => {
    const { host, events } = startSession()
    for (let n = 0; n < 9; n++)
      host.exchange({
        source: 'proxy',
        through: 1,
        program: 'app',
        url: 'http://127.0.0.1/',
        method: 'GET',
        time: n * 1000,
      })
    assert.deepEqual(events, [])
  })

  it('does not take the messages that Engine.IO posts for polls', async () => {
    const requests = [0, 1, 2, 3, 4, 5].flatMap((n): Request[] => [
      { at: n * 25_010, held: 25_000 },
      { at: n * 25_010 + 25_005, held: 2, method: 'POST', body: '3', content: 'ok' },
    ])
    assert.deepEqual(transports(await askAll(requests)), ['long-poll'])
  })

  it('records refusals as failures of the poll, which goes on with the next request', async () => {
    const session = await askAll(
      [0, 1, 2, 3, 4, 5].map((n) => ({ at: n * 1000, ...(n === 4 && { status: 503 }) })),
    )
    assert.deepEqual(
      session.of('error').map(({ status, time }) => [status, time]),
      [[503, 4010]],
    )
    assert.deepEqual(
      session.of('reconnect').map(({ attempt, delay }) => [attempt, delay]),
      [[1, 990]],
    )
    assert.equal(session.hub.get(1).status().state, 'open')
    assert.equal(session.of('response').length, 6)
  })

  it('ends a poll with its source', async () => {
    const session = await askAll([0, 1, 2, 3].map((n) => ({ at: n * 1000 })))
    session.sourceEnded('the proxy has stopped')
    assert.deepEqual(
      session.of('close').map(({ reason, by }) => [reason, by]),
      [['the proxy has stopped', undefined]],
    )
    assert.equal(session.hub.get(1).status().state, 'closed')
  })

  it('lets its source go on that paused for a cycle that has ended since', async () => {
    const session = timed()
    for (const at of [0, 1000, 2000, 3000]) {
      session.ask({ at })
      await delay(0)
    }
    let isPaused = false
    const pause = () => {
      isPaused = true
    }
    const resume = () => {
      isPaused = false
    }
    const empty = session.fill()
    session.host.mark('full')
    session.ask({ at: 4000, control: { pause, resume } })
    assert.ok(isPaused)
    await delay(0)
    empty()
    assert.ok(!isPaused)
    await eventually(() => assert.equal(session.of('response').length, 5))
  })

  it('records what has arrived before the poll ends with its source', async () => {
    const session = timed()
    for (const at of [0, 1000, 2000]) {
      session.ask({ at })
      await delay(0)
    }
    for (const at of [3000, 4000]) session.ask({ at })
    session.sourceEnded('the proxy has stopped')
    await eventually(() => assert.equal(session.of('close').length, 1))
    assert.equal(session.of('response').length, 5)
    assert.deepEqual(session.of('reconnect'), [])
    assert.equal(session.hub.get(1).status().state, 'closed')
  })

  it('begins a poll anew if the user has cleared the session since it ended', async () => {
    const session = timed()
    for (const n of [0, 1, 2, 3, 4, 5, 6, 7]) {
      session.ask({ at: n * 1000, ...(n === 3 && { status: 503 }) })
      await delay(0)
      if (n === 3) session.hub.forget(1)
    }
    assert.deepEqual(
      session.of('connect').map(({ connection, attempt }) => [connection, attempt]),
      [
        [1, 0],
        [2, 0],
      ],
    )
    assert.equal(session.of('response').length, 8)
  })

  it('bounds what it keeps of thousands of addresses', async () => {
    const session = timed()
    for (const at of [0, 1000, 2000]) {
      session.ask({ at })
      await delay(0)
    }
    for (let n = 0; n < 1000; n++) session.ask({ at: 2500, url: `http://127.0.0.1/${n}` })
    // It would be the fourth.
    session.ask({ at: 3000 })
    await delay(0)
    assert.deepEqual(session.events, [])
  })

  it('bounds what it keeps of the content of requests', async () => {
    const session = timed()
    for (const at of [0, 1000, 2000]) {
      session.ask({ at })
      await delay(0)
    }
    for (let n = 0; n < 300; n++)
      for (let repeated = 0; repeated < 4; repeated++) {
        const body = 'x'.repeat(16_000)
        session.ask({ at: 2000 + repeated, url: `http://127.0.0.1/${n}`, method: 'POST', body })
      }
    // It would be the fourth.
    session.ask({ at: 3000 })
    await delay(0)
    assert.deepEqual(session.events, [])
  })

  it('finds the polls of real clients', async () => {
    const session = startSession()
    let count = 0
    const target = await serveHttp((request, response) => {
      const answer = () => response.writeHead(200, { 'content-type': 'application/json' }).end(`${++count}`)
      if (request.url === '/held') setTimeout(answer, 1050)
      else answer()
    })
    const url = await lookOn(session, target)
    while (!transports(session).includes('poll')) {
      await (await fetch(`${url}state?_=${Date.now()}`)).text()
      await delay(150)
    }
    while (!transports(session).includes('long-poll')) await (await fetch(`${url}held`)).text()
    await becomes(() => session.hub.connections().length, 2)
    await eventually(() => assert.ok(session.texts().length >= 6))
    session.sourceEnded('done')
  })
})
