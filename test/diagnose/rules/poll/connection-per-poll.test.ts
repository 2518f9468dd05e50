import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { connectionPerPoll } from '../../../../src/diagnose/rules/poll/connection-per-poll.ts'
import type { RealtimeEvent } from '../../../../src/shared/event.ts'
import { polled, responses } from '../../../support/capture-until.ts'
import { diagnose } from '../../../support/diagnose.ts'
import { LiveEngine } from '../../../support/live-engine.ts'

const POLL = { transport: 'poll', interval: 5 } as const

const find = (events: Parameters<typeof diagnose>[0]) => diagnose(events, { rules: [connectionPerPoll] })

/** Answers with a number, and the fields. */
function numbers(headers: Readonly<Record<string, string>>): RequestListener {
  let count = 0
  return (_, response) => response.writeHead(200, headers).end(String(count++))
}

describe('the rule connection-per-poll', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine()
  })

  afterEach(() => live.close())

  it('finds a server that ends each connection, and says what opening one takes', async () => {
    const events = await polled(live, numbers({ connection: 'close' }), POLL, responses(10))
    const [finding, ...others] = await find(events)
    assert.deepEqual(others, [])
    const { title = '', message = '', evidence = {} } = finding ?? {}
    assert.match(title, /^\d+ of \d+ polls needed a new connection$/)
    assert.match(message, /the response before had Connection: close\. Opening it took [\d.]+ ms/)
    assert.deepEqual(evidence.opened, evidence.polls)
    assert.equal(evidence.closedByRequest, 0)
  })

  it('finds a server that ends each connection without a word', async () => {
    let count = 0
    const handler: RequestListener = (request, response) =>
      response.end(String(count++), () => setImmediate(() => request.socket.end()))
    const [finding] = await find(await polled(live, handler, { ...POLL, interval: 50 }, responses(10)))
    assert.match(finding?.message ?? '', /without a word/)
  })

  it('finds a client that asks for it', async () => {
    const spec = { ...POLL, headers: { connection: 'close' } }
    const [finding] = await find(await polled(live, numbers({}), spec, responses(10)))
    assert.match(finding?.message ?? '', /the request before had Connection: close/)
    assert.match(finding?.advice ?? '', /client/)
  })

  it('believes the responses if nothing was measured, but not the requests', async () => {
    const unmeasured = (events: readonly RealtimeEvent[]) =>
      events.map((event) => {
        if (event.type !== 'response') return event
        const { timing, ...rest } = event
        return rest
      })
    const byServer = await polled(live, numbers({ connection: 'close' }), POLL, responses(10))
    assert.equal((await find(unmeasured(byServer))).length, 1)
    const spec = { ...POLL, headers: { connection: 'close' } }
    assert.deepEqual(await find(unmeasured(await polled(live, numbers({}), spec, responses(10)))), [])
  })

  it('is silent if connections are kept, or one ends now and then', async () => {
    assert.deepEqual(await find(await polled(live, numbers({}), POLL, responses(20))), [])
    let count = 0
    const sometimes: RequestListener = (_, response) =>
      response.writeHead(200, count % 4 === 0 ? { connection: 'close' } : {}).end(String(count++))
    assert.deepEqual(await find(await polled(live, sometimes, POLL, responses(40))), [])
  })
})
