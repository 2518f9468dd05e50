/** The rules about what happens over a reconnect, with servers that resume, and servers that do not. */
import assert from 'node:assert/strict'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { noEventId } from '../../../../src/diagnose/rules/stream/no-event-id.ts'
import { resumeIgnored } from '../../../../src/diagnose/rules/stream/resume-ignored.ts'
import { streamRestarts } from '../../../../src/diagnose/rules/stream/stream-restarts.ts'
import type { ConnectionSpec } from '../../../../src/shared/spec.ts'
import { closeServers, serveHttp } from '../../../support/loopback.ts'
import { EVENT_STREAM } from './feed.ts'
import { record, type Until } from './support.ts'

const SPEC = { transport: 'sse', reconnect: 20 } satisfies Partial<ConnectionSpec>

async function session(listener: RequestListener, until: Until, spec: Partial<ConnectionSpec> = {}) {
  return await record({ ...SPEC, ...spec, url: await serveHttp(listener) }, until)
}

/** Answers with events; `cut` ends the connection without the end of the body. */
const answer = (response: ServerResponse, events: readonly string[], cut = false) => {
  response.writeHead(200, EVENT_STREAM)
  response.write(events.map((event) => `${event}\n\n`).join(''), () => cut && response.destroy())
  if (!cut) response.end()
}

const idOf = ({ headers }: IncomingMessage) => Number(headers['last-event-id'] ?? 0)
const events = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => `id: ${from + index}\ndata: ${from + index}`)
const withoutIds = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => `data: ${from + index}`)

describe('the rules about reconnects', () => {
  afterEach(closeServers)

  describe('resume-ignored', () => {
    it('finds a server that begins again whatever Last-Event-ID says', async () => {
      const { find, events: recorded } = await session(
        (_request, response) => answer(response, events(1, 5), true),
        { messages: 13, reconnects: 2 },
      )
      const [found, ...others] = await find(resumeIgnored)
      assert.deepEqual(others, [])
      assert.ok(Number(found?.evidence.repeated) >= 5)
      assert.equal(found?.evidence.missed, 0)
      const types = new Set(found?.events?.map((number) => recorded[number - 1]?.type))
      assert.deepEqual([...types].sort(), ['gap', 'reconnect'])
      assert.ok(found?.chart?.kind === 'times')
      assert.ok(found.chart.points.some(({ tone }) => tone === 'wrong'))
    })

    it('is silent if the server continues after Last-Event-ID', async () => {
      const { find } = await session(
        (request, response) => answer(response, events(idOf(request) + 1, 5), true),
        { messages: 13, reconnects: 2 },
      )
      assert.deepEqual(await find(resumeIgnored), [])
    })
  })

  describe('no-event-id', () => {
    it('finds a stream without IDs that is cut and cannot resume', async () => {
      let next = 0
      const { find, events: recorded } = await session(
        (_request, response) => {
          answer(response, withoutIds(next, 5), true)
          next += 7
        },
        { messages: 12, reconnects: 2 },
      )
      const [found, ...others] = await find(noEventId)
      assert.deepEqual(others, [])
      assert.equal(found?.severity, 'warning')
      assert.ok(Number(found?.evidence.reconnects) >= 2)
      assert.match(found?.advice ?? '', /Last-Event-ID/)
      const [first, ...reconnects] = found?.events?.map((number) => recorded[number - 1]?.type) ?? []
      assert.equal(first, 'message')
      assert.deepEqual([...new Set(reconnects)], ['reconnect'])
      assert.deepEqual(await find(resumeIgnored), [])
    })

    it('tells a stream that lives that it could not resume', async () => {
      const { find } = await session(
        (_request, response) => {
          response.writeHead(200, EVENT_STREAM)
          response.write(withoutIds(0, 30).join('\n\n').concat('\n\n'))
        },
        { messages: 30 },
      )
      const [found] = await find(noEventId)
      assert.deepEqual([found?.severity, found?.evidence.events], ['info', 30])
      assert.deepEqual(await find(noEventId, 30), [])
    })

    it('is silent with IDs, with few events, and on streams that have said all', async () => {
      const cut = await session((request, response) => answer(response, events(idOf(request) + 1, 5), true), {
        messages: 12,
        reconnects: 2,
      })
      assert.deepEqual(await cut.find(noEventId), [])
      const few = await session(
        (_request, response) => answer(response, withoutIds(0, 5), true),
        { hasEnded: true },
        { reconnect: 'never' },
      )
      assert.deepEqual(await few.find(noEventId), [])
      const finite = await session((_request, response) => answer(response, withoutIds(0, 100)), {
        messages: 200,
      })
      assert.deepEqual(await finite.find(noEventId), [])
      const post = await session(
        (_request, response) => answer(response, withoutIds(0, 100), true),
        { hasEnded: true },
        { body: '{}', reconnect: 'never' },
      )
      assert.deepEqual(await post.find(noEventId), [])
    })
  })

  describe('stream-restarts', () => {
    it('finds a stream that ends, and says the same after each reconnect', async () => {
      const { find, events: recorded } = await session(
        (_request, response) => answer(response, withoutIds(0, 4)),
        { messages: 13, reconnects: 3 },
      )
      const [found, ...others] = await find(streamRestarts)
      assert.deepEqual(others, [])
      assert.equal(found?.evidence.events, 4)
      assert.ok(Number(found?.evidence.repetitions) >= 2)
      assert.match(found?.advice ?? '', /204/)
      for (const number of found?.events ?? []) assert.equal(recorded[number - 1]?.type, 'open')
    })

    it('is silent if the answer to a reconnect is 204', async () => {
      let isFirst = true
      const { find } = await session(
        (_request, response) => {
          if (isFirst) answer(response, withoutIds(0, 4))
          else response.writeHead(204).end()
          isFirst = false
        },
        { hasEnded: true },
      )
      assert.deepEqual(await find(streamRestarts), [])
    })

    it('is silent on a feed that goes on, and on greetings', async () => {
      let next = 0
      const feed = await session(
        (_request, response) => {
          answer(response, withoutIds(next, 4))
          next += 4
        },
        { messages: 12 },
      )
      assert.deepEqual(await feed.find(streamRestarts), [])
      const greeting = await session(
        (_request, response) => answer(response, ['data: hello', 'data: hello']),
        {
          messages: 12,
        },
      )
      assert.deepEqual(await greeting.find(streamRestarts), [])
    })

    it('is silent on streams that are cut, which the client must open again', async () => {
      const cut = await session((_request, response) => answer(response, withoutIds(0, 4), true), {
        messages: 12,
      })
      assert.deepEqual(await cut.find(streamRestarts), [])
    })
  })
})
