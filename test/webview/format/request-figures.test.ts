import assert from 'node:assert/strict'
import { type LaneFigures, PATIENCE } from '../../../src/shared/exchange.ts'
import { laneFigures, laneLines, requestFigures } from '../../../webview/format/request-figures.ts'

const LATENCY = { p50: 38.04, p95: 41.2, p99: 60 }
const ALL = { requests: 15, answered: 15, waiting: 0, latency: LATENCY }
const MISSING = { ...ALL, answered: 14 }

function textsOf(figures: Partial<LaneFigures>, protocol = 'socket.io', now = 0): readonly string[] {
  const all = {
    calls: ALL,
    latest: 0,
    subscriptions: 0,
    ...figures,
  }
  return plain(laneFigures({ figures: all, answerCount: 0 }, now, protocol))
}

const plain = (texts: readonly string[]) => texts.map((text) => text.replaceAll('\u00a0', ' '))

const NO_CALLS = { requests: 0, answered: 0, waiting: 0, latency: null }

describe('what a lane says of its requests', () => {
  it('is the median time to an answer, in the word of the protocol', () => {
    assert.deepEqual(textsOf({}), ['acks p50 38.0 ms', 'p50 38.0 ms'])
    assert.equal(textsOf({}, 'nats')[0], 'replies p50 38.0 ms')
    assert.equal(textsOf({}, 'stomp')[0], 'receipts p50 38.0 ms')
    assert.equal(textsOf({}, 'json-rpc')[0], 'answers p50 38.0 ms')
  })

  it('is how many were answered if some were not, but not while an answer may still come', () => {
    assert.deepEqual(textsOf({ calls: MISSING }), ['14 of 15 answered', '14 of 15'])
    const waiting = { calls: { ...MISSING, waiting: 1 }, latest: 1000 }
    assert.equal(textsOf(waiting, 'socket.io', 1000)[0], 'acks p50 38.0 ms')
    assert.equal(textsOf(waiting, 'socket.io', 1000 + PATIENCE)[0], '14 of 15 answered')
  })

  it('is how many subscriptions there are, in shorter words where there is little room', () => {
    assert.deepEqual(textsOf({ calls: NO_CALLS, subscriptions: 1 }), ['1 subscription'])
    assert.deepEqual(textsOf({ subscriptions: 2 }), [
      'acks p50 38.0 ms · 2 subscriptions',
      'acks p50 38.0 ms',
      'p50 38.0 ms',
    ])
  })

  it('is how many answers a language model gave', () => {
    assert.deepEqual(laneFigures({ figures: null, answerCount: 1 }, 0, 'openai'), ['1 answer'])
    assert.deepEqual(laneFigures({ figures: null, answerCount: 1234 }, 0, 'openai'), ['1,234 answers'])
  })

  it('is nothing if nothing is known', () => {
    assert.deepEqual(textsOf({ calls: NO_CALLS }), [])
    assert.deepEqual(textsOf({ calls: { ...ALL, requests: 1, answered: 1 } }), [])
    assert.deepEqual(laneFigures({ figures: null, answerCount: 0 }, 0, ''), [])
  })
})

describe('the lines below the name of a lane', () => {
  it('have figures first, but what goes wrong before them', () => {
    const figures = ['acks p50 38 ms', 'p50 38 ms']
    assert.deepEqual(laneLines('open', '2/s', figures), [figures, ['2/s']])
    assert.deepEqual(laneLines('closed', 'closed', figures), [figures, ['closed']])
    assert.deepEqual(laneLines('failed', 'refused', figures), [['refused'], figures])
    assert.deepEqual(laneLines('waiting', 'retry 2 in 1.4 s', figures)[0], ['retry 2 in 1.4 s'])
    assert.deepEqual(laneLines('open', '2/s', []), [['2/s']])
  })
})

describe('what is said of all requests with a name', () => {
  it('is how many were answered, and how fast', () => {
    assert.deepEqual(plain([requestFigures(MISSING)]), ['14 of 15 answered, p50 38.0 ms, p95 41.2 ms'])
    assert.equal(requestFigures({ ...NO_CALLS, requests: 2 }), '0 of 2 answered')
    assert.equal(requestFigures({ ...NO_CALLS, requests: 2, waiting: 1 }), '0 of 1 answered')
  })

  it('is nothing of a single one, which has nothing to compare with', () => {
    assert.equal(requestFigures({ ...ALL, requests: 1, answered: 1 }), '')
  })
})
