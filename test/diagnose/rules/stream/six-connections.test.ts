import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { sixConnections } from '../../../../src/diagnose/rules/stream/six-connections.ts'
import type { ConnectionSpec } from '../../../../src/shared/spec.ts'
import { closeServers, serveHttp, serveWebSocket } from '../../../support/loopback.ts'
import { EVENT_STREAM } from './feed.ts'
import { record } from './support.ts'

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)

/** A stream that stays open, or one that has said all. */
const stream =
  (stays: boolean): RequestListener =>
  (_request, response) => {
    response.writeHead(200, EVENT_STREAM)
    response.write('data: 1\n\n')
    if (!stays) response.end()
  }

const spec = (url: string): ConnectionSpec => ({ url, transport: 'sse', reconnect: 'never' })

describe('the rule six-connections', () => {
  afterEach(closeServers)

  it('finds six streams to one origin', async () => {
    const url = await serveHttp(stream(true))
    const paths = Array.from({ length: 6 }, (_, index) => spec(`${url}feed-${index}`))
    const session = await record(paths, { messages: 6 })
    const [found, ...others] = await session.find(sixConnections)
    assert.deepEqual(others, [])
    assert.deepEqual(found?.evidence, { origin: new URL(url).origin, streams: 6 })
    assert.equal(found.connection, undefined)
    assert.deepEqual(
      found.events?.map((number) => session.events[number - 1]?.type),
      times(6, 'open'),
    )
    assert.ok(found.chart?.kind === 'series')
    assert.deepEqual(
      found.chart.points.map(({ value, tone }) => [value, tone]),
      [1, 2, 3, 4, 5, 6].map((value) => [value, value === 6 ? 'wrong' : undefined]),
    )
    assert.match(found.advice ?? '', /HTTP\/2/)
  })

  it('is silent on five, on several origins, on streams that ended, and on WebSockets', async () => {
    const [one, other] = [await serveHttp(stream(true)), await serveHttp(stream(true))]
    const five = await record(times(5, spec(one)), { messages: 5 })
    assert.deepEqual(await five.find(sixConnections), [])
    const two = await record([...times(5, spec(one)), ...times(5, spec(other))], { messages: 10 })
    assert.deepEqual(await two.find(sixConnections), [])
    const socket = await serveWebSocket((peer) => peer.send('hello'))
    const sockets = await record(times(8, { url: socket, reconnect: 'never' as const }), { messages: 8 })
    assert.deepEqual(await sockets.find(sixConnections), [])
  })

  it('is silent on streams of which each ends before the next', async () => {
    const url = await serveHttp(stream(false))
    const session = await record(times(8, spec(url)), { hasEnded: true, oneByOne: true })
    assert.equal(session.events.filter(({ type }) => type === 'open').length, 8)
    assert.deepEqual(await session.find(sixConnections), [])
  })
})
