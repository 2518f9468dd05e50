import assert from 'node:assert/strict'
import type { PairedRequest } from '../../src/decode/client-requests.ts'
import { Exchanges } from '../../src/decode/exchanges.ts'
import { PATIENCE } from '../../src/shared/exchange.ts'
import { processorTime } from '../support/linear.ts'

const request = (number: number, time: number, name = 'sum', kind: PairedRequest['kind'] = 'request') => ({
  number,
  time,
  connection: 1,
  kind,
  name,
  channel: undefined,
  isHeartbeat: kind === 'heartbeat',
  protocol: 'json-rpc',
  direction: 'out' as const,
})

function answer(exchanges: Exchanges, asked: PairedRequest, time: number, isLast = true): void {
  exchanges.answered(asked, asked.number + 1, { time, kind: 'response', isLast })
}

describe('exchanges of a connection', () => {
  it('are listed up to a limit, and beyond it counted by the time that they were under way', () => {
    const exchanges = new Exchanges()
    for (let i = 0; i < 10_000; i++) {
      const asked = request(2 * i, i * 10)
      exchanges.asked(asked)
      if (i !== 7000) answer(exchanges, asked, i * 10 + 5)
    }
    const few = exchanges.between(1, 1000, 2000)
    assert.equal(few.counts, null)
    assert.equal(few.exchanges.length, 101)
    const { exchanges: listed, counts } = exchanges.between(1, 0, 100_000)
    assert.deepEqual(listed, [])
    assert.equal(counts?.counts.length, 512)
    assert.ok(counts.counts.every((count) => count >= 19 && count <= 22))
    const from = counts.waiting.findIndex((count) => count > 0)
    assert.ok(Math.abs((from / 512) * (counts.to - counts.from) - 70_000) < 400)
    // One does not wait longer than that.
    const waited = counts.waiting.filter((count) => count > 0).length
    assert.ok(Math.abs((waited / 512) * counts.to - PATIENCE) < 500)
  })

  it('still list a subscription among more requests than can be listed', () => {
    const exchanges = new Exchanges()
    const subscription = request(0, 0, 'onPrice', 'subscribe')
    exchanges.asked(subscription)
    answer(exchanges, subscription, 5, false)
    for (let i = 1; i < 1000; i++) {
      exchanges.asked(request(i, i))
      answer(exchanges, request(i, i), i)
    }
    const { exchanges: listed, counts } = exchanges.between(1, 0, 1000)
    assert.deepEqual(
      listed.map(({ name }) => name),
      ['onPrice'],
    )
    assert.ok(counts !== null)
  })

  it('pair the packets of one message by their names', () => {
    const exchanges = new Exchanges()
    exchanges.asked(request(4, 10, 'a'))
    exchanges.asked(request(4, 10, 'b'))
    answer(exchanges, request(4, 10, 'b'), 20)
    assert.deepEqual(
      exchanges.between(1, 0, 100).exchanges.map(({ name, answers }) => [name, answers]),
      [
        ['a', 0],
        ['b', 1],
      ],
    )
  })

  it('are the same if the first messages are read again', () => {
    const exchanges = new Exchanges()
    for (const number of [1, 3, 5, 1, 3]) exchanges.asked(request(number, number))
    assert.deepEqual(
      exchanges.between(1, 0, 100).exchanges.map(({ index }) => index),
      [1, 3, 5],
    )
  })

  it('take two lines only if some were under way at once, which one that was not answered is not for long', () => {
    const exchanges = new Exchanges()
    exchanges.asked(request(1, 0))
    exchanges.asked(request(2, PATIENCE + 1))
    assert.deepEqual(exchanges.rows(), [[1, 1]])
    exchanges.asked(request(3, PATIENCE + 2))
    assert.deepEqual(exchanges.rows(), [[1, 2]])
  })

  it('forget what was asked in dropped events, but not a subscription that goes on', () => {
    const exchanges = new Exchanges()
    const subscription = request(0, 0, 'onPrice', 'subscribe')
    exchanges.asked(subscription)
    answer(exchanges, subscription, 5, false)
    for (let i = 1; i <= 100; i++) {
      exchanges.asked(request(2 * i, i))
      answer(exchanges, request(2 * i, i), i)
    }
    exchanges.drop(180)
    const names = exchanges.between(1, 0, 1000).exchanges.map(({ index }) => index)
    assert.deepEqual(names, [0, ...Array.from({ length: 11 }, (_, i) => 180 + 2 * i)])
  })

  it('do not list heartbeats as requests', () => {
    const exchanges = new Exchanges()
    exchanges.asked(request(1, 1, 'ping', 'heartbeat'))
    exchanges.heartbeat(1, 1)
    assert.deepEqual(exchanges.between(1, 0, 10), { exchanges: [], counts: null, heartbeats: [1] })
    assert.deepEqual(exchanges.rows(), [])
  })

  it('have figures of how many were answered and how fast, of all calls and of those with one name', () => {
    const exchanges = new Exchanges()
    assert.equal(exchanges.figures(1, 0), undefined)
    exchanges.asked(request(0, 0, 'hello', 'handshake'))
    exchanges.asked(request(1, 0, 'onPrice', 'subscribe'))
    for (let i = 1; i <= 4; i++) {
      const asked = request(10 * i, 1000 * i, i < 4 ? 'sum' : 'kick')
      exchanges.asked(asked)
      if (i < 4) answer(exchanges, asked, asked.time + 10 * i, false)
      // Only the first answer counts.
      if (i < 4) answer(exchanges, asked, asked.time + 500)
    }
    const sums = { requests: 3, answered: 3, waiting: 0, latency: { p50: 20, p95: 30, p99: 30, max: 30 } }
    const calls = { ...sums, requests: 4, waiting: 1 }
    assert.deepEqual(exchanges.figures(1, 5000), { calls, latest: 4000, subscriptions: 1 })
    assert.equal(exchanges.figures(1, 4000 + PATIENCE)?.calls.waiting, 0)
    assert.deepEqual(exchanges.figuresLike({ connection: 1, number: 20 }, [1], 5000), sums)
    const one = { requests: 1, answered: 0, waiting: 1, latency: null }
    assert.deepEqual(exchanges.figuresLike({ connection: 1, number: 40 }, [1], 5000), one)
    assert.equal(exchanges.figuresLike({ connection: 1, number: 40 }, [1], 4000 + PATIENCE)?.waiting, 0)
    assert.equal(exchanges.figuresLike({ connection: 1, number: 21 }, [1], 5000), undefined)
    // What the server asks is counted apart.
    exchanges.asked({ ...request(50, 4500), direction: 'in' })
    assert.deepEqual(exchanges.figuresLike({ connection: 1, number: 50 }, [1], 5000), one)
    assert.equal(exchanges.figures(1, 5000)?.calls.requests, 4)
    exchanges.abandoned(request(1, 0, 'onPrice', 'subscribe'))
    exchanges.abandoned(request(40, 4000, 'kick'))
    const { calls: after, subscriptions } = exchanges.figures(1, 5000) ?? {}
    assert.deepEqual([after?.waiting, subscriptions], [0, 0])
  })

  it('have figures of the same name on several connections that belong together', () => {
    const exchanges = new Exchanges()
    for (const connection of [1, 2, 3]) {
      const asked = { ...request(10 * connection, 0), connection }
      exchanges.asked(asked)
      if (connection < 3) answer(exchanges, asked, 10 * connection)
    }
    const like = (connections: number[]) =>
      exchanges.figuresLike({ connection: 1, number: 10 }, connections, 100)
    const latency = { p50: 10, p95: 20, p99: 20, max: 20 }
    assert.deepEqual(like([1, 2, 3, 4]), { requests: 3, answered: 2, waiting: 1, latency })
    assert.equal(like([1])?.requests, 1)
  })

  it('keep only the latest times to an answer', () => {
    const exchanges = new Exchanges()
    for (let i = 0; i < 10_000; i++) {
      exchanges.asked(request(2 * i, i * 100))
      answer(exchanges, request(2 * i, i * 100), i * 100 + (i < 5904 ? 90 : 1 + (i % 2)))
    }
    const { requests, answered, latency } =
      exchanges.figuresLike({ connection: 1, number: 0 }, [1], 1_000_000) ?? {}
    assert.deepEqual([requests, answered], [10_000, 10_000])
    assert.deepEqual([latency?.p50, latency?.p99], [1, 2])
  })

  it('are called by what belongs to their name, such as the tool of a call', () => {
    const exchanges = new Exchanges()
    const call = { ...request(0, 0, 'tools/call'), protocol: 'mcp', channel: 'add' }
    exchanges.asked(call)
    answer(exchanges, call, 5)
    // Its namespace is the usual one.
    exchanges.asked({ ...request(2, 10), protocol: 'socket.io', channel: '/' })
    const { exchanges: listed } = exchanges.between(1, 0, 100)
    assert.deepEqual(
      listed.map(({ name, answers }) => [name, answers]),
      [
        ['tools/call add', 1],
        ['sum', 0],
      ],
    )
  })

  it('find a view among many requests in a few milliseconds', () => {
    const exchanges = new Exchanges()
    for (let i = 0; i < 200_000; i++) {
      exchanges.asked(request(2 * i, i))
      answer(exchanges, request(2 * i, i), i + 0.5)
    }
    const find = () => assert.equal(exchanges.between(1, 100_000, 100_100).exchanges.length, 101)
    const best = Math.min(...Array.from({ length: 5 }, () => processorTime(find)))
    assert.ok(best < 100, `${best} ms`)
  })
})
