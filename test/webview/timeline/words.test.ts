import assert from 'node:assert/strict'
import { type ConnectionStatus, newStatus } from '../../../src/shared/status.ts'
import { laneNames, laneState } from '../../../webview/format/connection.ts'
import { describeTimeline } from '../../../webview/timeline/description.ts'
import { waitWords } from '../../../webview/timeline/layers/states.ts'

const connection = (id: number, transport: string, url: string, more: Partial<ConnectionStatus> = {}) =>
  ({ id, transport, url, state: 'open', since: 0, rate: 0, reconnects: 0, ...more }) as ConnectionStatus

describe('the names of lanes', () => {
  const names = (...urls: readonly string[]) => [
    ...laneNames(urls.map((url, i) => connection(i + 1, 'websocket', url))).values(),
  ]

  it('are the transport and the end of the path, or the host if there is no path', () => {
    assert.deepEqual(names('wss://feed.example/v1/ticker/?a=1', 'ws://other.example/'), [
      'ws ticker',
      'ws other.example',
    ])
  })

  it('distinguish similar paths', () => {
    assert.deepEqual(names('wss://a/ticker', 'wss://b/ticker'), ['ws ticker · a', 'ws ticker · b'])
    assert.deepEqual(names('wss://a/ticker', 'wss://a/ticker'), ['ws ticker (1)', 'ws ticker (2)'])
  })
})

describe('what a lane does', () => {
  const state = (more: Partial<ConnectionStatus>, hold?: number) =>
    laneState(connection(1, 'sse', 'http://a/b', more), 5000, hold)

  it('is its rate and number of reconnects, or how long its polls are held', () => {
    assert.equal(state({ rate: 412 }), '412/s')
    assert.equal(state({ rate: 9, reconnects: 1 }), '9/s · 1 reconnect')
    assert.equal(state({}), '5 s')
    assert.equal(state({ rate: 1 }, 11_000), 'holds ~11 s')
  })

  it('is its state if it is not open', () => {
    const retry = { attempt: 2, at: 6400, reason: 'reset' }
    assert.equal(state({ state: 'waiting', retry, rate: 4 }, 11), 'retry 2 in 1.4 s')
    assert.equal(state({ state: 'closed' }), 'closed')
  })
})

describe('the words of a wait', () => {
  it('get shorter until they fit on a line, else take several lines, with the loss before the reason', () => {
    assert.deepEqual(waitWords('reconnect 1 in 1.4 s · connection reset · resumes after id 7', '3 missed'), {
      lines: ['retry 1 in 1.4 s · connection reset · 3 missed', 'retry 1 · connection reset · 3 missed'],
      stack: [['retry 1 in 1.4 s', 'retry 1'], ['3 missed'], ['connection reset']],
    })
    assert.deepEqual(waitWords('reconnect 2 in 1.4 s', undefined), {
      lines: ['retry 2 in 1.4 s', 'retry 2'],
      stack: [['retry 2 in 1.4 s', 'retry 2']],
    })
  })
})

describe('the timeline in words', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      ...newStatus(i + 1),
      transport: 'websocket' as const,
      url: `ws://host/${i + 1}`,
      state: 'open' as const,
      messagesIn: 7,
      rate: 2,
      reconnects: i === 0 ? 3 : 0,
    }))

  it('describe the view and each connection', () => {
    const view = { from: 60_000, to: 120_000, live: true }
    const figuresOf = ({ id }: { readonly id: number }) => (id === 1 ? '14 of 15 answered' : undefined)
    assert.equal(
      describeTimeline(view, many(2), 130_000, figuresOf).replaceAll('\u00a0', ' '),
      'Timeline from 01:00 to 02:00, following now. ws host/1: 2m 10s, ↓ 7 · 2/s, 3 reconnects, 14 of 15 answered. ws host/2: 2m 10s, ↓ 7 · 2/s.',
    )
  })

  it('describe a dozen, and count the others', () => {
    const text = describeTimeline({ from: 0, to: 1000, live: false }, many(500), 1000, () => undefined)
    assert.match(text, /^Timeline from 00:00\.0 to 00:01\.0\. ws host\/1:/)
    assert.match(text, /ws host\/12: [^.]*\. And 488 more connections\.$/)
  })
})
