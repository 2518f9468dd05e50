/** Limits on silence and on age: haproxy's `timeout tunnel`, and servers that end connections. */
import assert from 'node:assert/strict'
import type { WebSocket } from 'ws'
import { idleTimeout } from '../../../../src/diagnose/rules/lifetime/idle-timeout.ts'
import { lifetimeLimit } from '../../../../src/diagnose/rules/lifetime/lifetime-limit.ts'
import { pingRacesTimeout } from '../../../../src/diagnose/rules/lifetime/ping-races-timeout.ts'
import type { CloseEvent, RealtimeEvent } from '../../../../src/shared/event.ts'
import type { Finding } from '../../../../src/shared/finding.ts'
import { startHaproxy } from '../../../independent/haproxy.ts'
import { startNginx } from '../../../independent/nginx.ts'
import { capturedBy, diagnose } from '../../../support/diagnose.ts'
import { LiveEngine } from '../../../support/live-engine.ts'
import { serveHttp, serveWebSocket } from '../../../support/loopback.ts'

const RULES = [idleTimeout, pingRacesTimeout, lifetimeLimit]
/** Milliseconds of haproxy's `timeout tunnel`. */
const IDLE = 1500
/** Another one, of which a tenth is more than a busy machine is late. */
const SLOW = 8000
/** How often a limit that must be found is looked for. */
const TRIES = 3

describe('limits on connections', () => {
  let live: LiveEngine
  const proxies: { stop(): Promise<void> }[] = []

  beforeEach(() => {
    live = new LiveEngine()
  })
  afterEach(async () => {
    await live.close()
    await Promise.all(proxies.splice(0).map((proxy) => proxy.stop()))
  })

  /** What is found once `count` connections that `serve` gets have ended. It gets the number of each, from 0. */
  async function foundAfter(
    count: number,
    serve: (socket: WebSocket, number: number) => void,
    tunnel?: number,
  ): Promise<Finding[]> {
    let connections = 0
    let ended = () => {}
    const allEnded = new Promise<void>((resolve) => {
      ended = resolve
    })
    const url = await serveWebSocket((socket) => {
      if (connections < count) serve(socket, connections)
      else ended()
      connections++
    })
    let host = new URL(url).host
    if (tunnel !== undefined) {
      const proxy = await startHaproxy(Number(new URL(url).port), { tunnel })
      proxies.push(proxy)
      host = proxy.host
    }
    await live.connect({ url: `ws://${host}/feed?token=hush`, reconnect: 10 })
    await allEnded
    return await diagnose(await capturedBy(live), { rules: RULES })
  }

  /** The same, from the start if nothing is found, because a busy machine can make equal times differ. */
  async function foundWhenSteady(...given: Parameters<typeof foundAfter>): Promise<Finding[]> {
    for (let left = TRIES; left > 1; left--) {
      const found = await foundAfter(...given)
      if (found.length > 0) return found
      await live.close()
      live = new LiveEngine()
    }
    return await foundAfter(...given)
  }

  it('on silence: finds the idle timeout of haproxy', async () => {
    const [finding, ...others] = await foundWhenSteady(
      3,
      (socket, number) => {
        // Each lives longer than the one before.
        for (let beat = 0; beat <= number; beat++) setTimeout(() => socket.send('{}'), 100 + beat * 800)
      },
      IDLE,
    )
    assert.deepEqual(others, [])
    assert.ok(finding)
    const { rule, severity, connection, events, evidence, confidence, chart, title } = finding
    assert.deepEqual([rule, severity, connection, events?.length], ['idle-timeout', 'warning', 1, 3])
    assert.equal(evidence.ends, 3)
    const { median, longestSurvived } = evidence as Record<string, number>
    assert.ok((median ?? 0) > 0.9 * IDLE && (median ?? 0) < 2 * IDLE, `${median}`)
    assert.ok((longestSurvived ?? 0) < (median ?? 0))
    assert.match(`${title}`, /silence$/)
    assert.match(confidence ?? '', /no limit on the age explains it$/)
    assert.equal(chart?.kind === 'values' && chart.points.length, 3)
  })

  it('on silence: says that the age explains the ends as well if nothing is sent', async () => {
    const found = await foundWhenSteady(3, () => {}, IDLE)
    assert.deepEqual(
      found.map(({ rule, confidence }) => [
        rule,
        /nothing was sent at all, so a limit on the age/.test(confidence ?? ''),
      ]),
      [['idle-timeout', true]],
    )
  })

  it('on silence: finds pings that come nearly as late', async () => {
    const found = await foundWhenSteady(
      3,
      (socket) => {
        // As a timer that is late the second time.
        setTimeout(() => socket.ping(), 0.85 * SLOW)
      },
      SLOW,
    )
    assert.deepEqual(
      found.map(({ rule }) => rule),
      ['idle-timeout', 'ping-races-timeout'],
    )
    const { interval = 0, median = 0 } = (found[1]?.evidence ?? {}) as Record<string, number>
    assert.ok(interval > 0.8 * SLOW && interval < median, `${interval} and ${median}`)
  })

  it('on silence: finds the proxy_read_timeout of nginx on an event stream', async () => {
    let requests = 0
    let ended = () => {}
    const allEnded = new Promise<void>((resolve) => {
      ended = resolve
    })
    const origin = await serveHttp((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(': hello\n\n')
      // Each lives longer than the one before.
      setTimeout(() => response.write('data: {}\n\n'), requests * 600)
      if (++requests > 3) ended()
    })
    const nginx = await startNginx({
      server: `location / { proxy_pass ${origin}; proxy_buffering off; proxy_read_timeout ${IDLE}ms; }`,
    })
    proxies.push(nginx)
    await live.connect({ url: `http://${nginx.host}/feed`, transport: 'sse', reconnect: 10 })
    await allEnded
    const [finding, ...others] = await diagnose(await capturedBy(live), { rules: RULES })
    assert.deepEqual(others, [])
    assert.deepEqual(
      [finding?.rule, finding?.severity, finding?.evidence.ends],
      ['idle-timeout', 'warning', 3],
    )
  })

  it('on the age: finds a server that ends each connection at the same age, traffic or not', async () => {
    const [finding, ...others] = await foundWhenSteady(3, (socket) => {
      const ticks = setInterval(() => socket.send('{}'), 50)
      setTimeout(() => socket.terminate(), IDLE)
      socket.on('close', () => clearInterval(ticks))
    })
    assert.deepEqual(others, [])
    assert.ok(finding)
    const { rule, severity, events, evidence, confidence } = finding
    assert.deepEqual([rule, severity, events?.length, evidence.ends], ['lifetime-limit', 'warning', 3, 3])
    assert.match(confidence ?? '', /^the ages differ by /)
  })

  it('on the age: is not taken for one on silence, if longer silences were survived', async () => {
    // Beats that are in step with the age: the last silence is always the same.
    const found = await foundWhenSteady(3, (socket) => {
      setTimeout(() => socket.send('{}'), 1600)
      setTimeout(() => socket.terminate(), 2800)
    })
    assert.deepEqual(
      found.map(({ rule }) => rule),
      ['lifetime-limit'],
    )
  })

  it('are not found if connections end for other reasons', async () => {
    const found = await foundAfter(
      3,
      (socket, number) => {
        const ticks = setInterval(() => socket.send('{}'), 100)
        setTimeout(() => socket.terminate(), IDLE + number * 800)
        socket.on('close', () => clearInterval(ticks))
      },
      IDLE,
    )
    assert.deepEqual(found, [])
  })
})

describe('a limit on silence', () => {
  /** An attempt that ends after a silence; it opens at `from`, and gets a message after `life` ms. */
  function attempt(
    connection: number,
    from: number,
    life: number,
    end: Partial<CloseEvent>,
  ): RealtimeEvent[] {
    const on = { connection }
    const url = `wss://feed.example/ticks?client=${connection}`
    return [
      { type: 'connect', ...on, time: from, transport: 'websocket', url, attempt: 0 },
      { type: 'open', ...on, time: from, transport: 'websocket', headers: { server: 'nginx/1.27' } },
      {
        type: 'message',
        ...on,
        time: from + life,
        direction: 'in',
        opcode: 'text',
        payload: Buffer.from('{}'),
      },
      { type: 'close', ...on, time: from + life + 60_010, ...end },
    ]
  }
  const cut = { by: 'network', code: 1006 } as const
  const lives = [1000, 20_000, 40_000]
  const apart = (end: Partial<CloseEvent>) =>
    lives.flatMap((life, index) => attempt(index + 1, index * 200_000, life, end))
  const found = (events: RealtimeEvent[], rule = idleTimeout) => diagnose(events, { rules: [rule] })

  it('is found over several connections to one place, with a guess if it is well known', async () => {
    const [finding, ...others] = await found(apart(cut))
    assert.deepEqual(others, [])
    assert.deepEqual([finding?.connection, finding?.events], [undefined, [4, 8, 12]])
    const message = finding?.message.replaceAll('\u00a0', ' ')
    assert.match(
      message ?? '',
      /^3 of 3 connections to feed\.example\/ticks ended after 1 min 0 s of silence/,
    )
    assert.match(message ?? '', /A guess: .* nginx \(proxy_read_timeout\), which the Server header names\.$/)
  })

  it('is only worth a note if the server ends its connections properly', async () => {
    assert.deepEqual(
      (await found(apart({ by: 'server', code: 1000 }))).map(({ severity }) => severity),
      ['info'],
    )
  })

  it('is not inferred from connections that the client closes', async () => {
    assert.deepEqual(await found(apart({ by: 'client', code: 1000 })), [])
  })

  it('is not inferred from connections that end together', async () => {
    const together = [1, 2, 3].map((id) => attempt(id, 0, 1000, cut))
    const events = [0, 1, 2, 3].flatMap((step) => together.flatMap((each) => each[step] ?? []))
    assert.deepEqual(await found(events), [])
    assert.deepEqual(await found(events, lifetimeLimit), [])
  })

  it('is refuted by a connection that is open and has survived a longer silence', async () => {
    const survivor = attempt(9, 700_000, 90_000, cut).slice(0, 3)
    // Its end is known as one at the same place.
    const before = attempt(9, 600_000, 1000, { by: 'client', code: 1000 })
    assert.deepEqual(await found([...apart(cut), ...before, ...survivor]), [])
    assert.equal((await found([...apart(cut), ...before])).length, 1)
  })
})
