import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { type Clock, startClock } from '../../src/shared/clock.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { Connection } from '../../src/transport/connection.ts'
import { handleUncaught, runContained, runUncontained } from '../../src/transport/containment.ts'
import { closeServers, serveHttp, serveWebSocket } from '../support/loopback.ts'

/** A connection whose host throws on request: its clock, or its event sink. */
class Fragile {
  readonly events: RealtimeEvent[] = []
  readonly connection: Connection
  /** Throws on an event of that type. */
  breaksAt: RealtimeEvent['type'] | undefined
  clockBreaks = false
  #look = () => {}

  constructor(spec: ConnectionSpec) {
    const real = startClock()
    const clock: Clock = {
      startedAt: real.startedAt,
      now: () => {
        if (!this.clockBreaks) return real.now()
        this.clockBreaks = false
        throw new TypeError('the clock stood still')
      },
    }
    this.connection = new Connection(1, spec, {
      clock,
      network: () => ({ noProxy: '*' }),
      append: (event) => {
        if (event.type === this.breaksAt) throw new TypeError('no room for it')
        this.events.push('payload' in event ? { ...event, payload: event.payload.slice() } : event)
        this.#look()
      },
      changed: () => this.#look(),
    })
    this.connection.start()
  }

  get types(): string[] {
    return this.events.map(({ type }) => type)
  }

  async until(holds: () => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#look = () => holds() && resolve()
      this.#look()
    })
  }

  messages(count: number): Promise<void> {
    return this.until(() => this.types.filter((type) => type === 'message').length >= count)
  }
}

/** Servers that send an event on request, by URL. */
class Bringing {
  readonly #bring = new Map<string, () => void>()

  bring(url: string): void {
    this.#bring.get(url)?.()
  }

  async webSocket(): Promise<string> {
    const url = await serveWebSocket((socket) => this.#bring.set(url, () => socket.send('hello')))
    return url
  }

  async http(type: string, write: (response: ServerResponse) => void): Promise<string> {
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': type }).flushHeaders()
      this.#bring.set(url, () => write(response))
    })
    return url
  }
}

const KINDS: readonly [
  transport: NonNullable<ConnectionSpec['transport']>,
  serve: (servers: Bringing) => Promise<string>,
][] = [
  ['websocket', (servers) => servers.webSocket()],
  ['sse', (servers) => servers.http('text/event-stream', (response) => response.write('data: hello\n\n'))],
  ['http-stream', (servers) => servers.http('application/x-ndjson', (response) => response.write('1\n'))],
  ['auto', (servers) => servers.http('text/plain', (response) => response.write('hello\n'))],
  ['long-poll', (servers) => servers.http('text/plain', (response) => response.end('hello'))],
]

describe('an error in a callback of a connection', () => {
  const strangers: unknown[] = []

  beforeEach(() => {
    strangers.length = 0
    // Like the engine's worker and the terminal, and before the test runner.
    process.setUncaughtExceptionCaptureCallback((thrown) => {
      if (!handleUncaught(thrown)) strangers.push(thrown)
    })
  })

  afterEach(() => {
    process.setUncaughtExceptionCaptureCallback(null)
    closeServers()
  })

  for (const [transport, serve] of KINDS)
    for (const [title, arm, reason] of [
      [
        'its clock',
        (fragile: Fragile) => {
          fragile.clockBreaks = true
        },
        /the clock stood still/,
      ],
      [
        'what takes its messages',
        (fragile: Fragile) => {
          fragile.breaksAt = 'message'
        },
        /no room for it/,
      ],
    ] as const)
      it(`fails only that connection: ${transport}, ${title}`, async () => {
        const servers = new Bringing()
        const [url, otherUrl] = [await serve(servers), await servers.webSocket()]
        const broken = new Fragile({ url, transport })
        const other = new Fragile({ url: otherUrl })
        await Promise.all(
          [broken, other].map((each) =>
            each.until(() => each.types.includes('open') || each.types.includes('request')),
          ),
        )
        await other.until(() => other.types.includes('open'))
        if (transport !== 'long-poll') await broken.until(() => broken.types.includes('open'))
        arm(broken)
        servers.bring(url)
        const outcome = await broken.connection.done
        assert.equal(outcome.end, 'failed')
        assert.equal(broken.connection.status().state, 'failed')
        const [error, ...more] = broken.events.filter((event) => event.type === 'error')
        assert.equal(more.length, 0)
        assert.match(error?.message ?? '', reason)
        servers.bring(otherUrl)
        await other.messages(1)
        assert.equal(other.connection.status().state, 'open')
        await other.connection.disconnect()
        assert.deepEqual(strangers, [])
      })

  it('does not reach what runs uncontained, nor the callbacks of that', async () => {
    const caught: unknown[] = []
    const isHandled = (thrown: string) => handleUncaught(thrown)
    const handled = await runContained(
      (thrown) => caught.push(thrown),
      async () => [
        runUncontained(isHandled, 'outside'),
        await runUncontained(async () => {
          await new Promise(setImmediate)
          return isHandled('a callback outside')
        }, undefined),
        isHandled('inside'),
      ],
    )
    assert.deepEqual(handled, [false, false, true])
    assert.deepEqual(caught, ['inside'])
  })
})
