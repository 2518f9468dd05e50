/** What the CodeLenses of requests say. */
import assert from 'node:assert/strict'
import type { Exchange } from '../../src/shared/exchange.ts'
import type { ExchangeList } from '../../src/shared/protocol/exchanges.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { newStatus } from '../../src/shared/status.ts'
import {
  labelText,
  scriptText,
  sentText,
  stateText,
} from '../../src/vscode/language-features/requests/lens-texts.ts'
import { type AskExchanges, answersTo } from '../../src/vscode/language-features/requests/sent-answers.ts'

function status(changes: Partial<ConnectionStatus>): ConnectionStatus {
  return { ...newStatus(1), ...changes }
}

describe('the lens of a request', () => {
  for (const [changes, last, expected] of [
    [{ state: 'connecting' }, undefined, '$(circle-outline) Connecting'],
    [
      { state: 'open', since: 1000, rate: 2, transport: 'websocket' },
      'EVENT typing',
      '$(circle-filled) Open 01:00, 2/s, last EVENT typing',
    ],
    [{ state: 'open', since: 61_500 }, undefined, '$(circle-filled) Open 00:00'],
    [
      { state: 'open', since: 1000, stalled: true, rate: 9 },
      undefined,
      '$(circle-filled) Open 01:00, reading paused',
    ],
    [
      { state: 'waiting', retry: { attempt: 2, at: 64_000, reason: 'the server closed' } },
      undefined,
      '$(circle-outline) Attempt 2 in 3.0 s: the server closed',
    ],
    [
      { state: 'closed', transport: 'sse', closedBy: 'server', openedAt: 1000, since: 7700, messagesIn: 120 },
      'x',
      'Complete, 6.7 s, 120 messages',
    ],
    [
      { state: 'closed', transport: 'websocket', closedBy: 'server', openedAt: 0, since: 500, messagesIn: 1 },
      undefined,
      'Closed by the server, 500 ms, 1 message',
    ],
    [{ state: 'closed', messagesIn: 0 }, undefined, 'Closed, 0 messages'],
    [{ state: 'failed', error: 'It failed.' }, undefined, 'Failed: It failed'],
  ] as const)
    it(`says ${JSON.stringify(expected)}`, () => {
      assert.equal(stateText(status(changes), last, 61_000), expected)
    })

  it('says where its script is, unless that is done or only waits for the connection', () => {
    const script = { done: 1, of: 3, sent: [], variables: {} }
    assert.equal(scriptText(script), undefined)
    assert.equal(scriptText({ ...script, waitsFor: 'open' }), undefined)
    assert.equal(scriptText({ ...script, waitsFor: 'message' }), 'step 2 of 3, waits for a message')
    assert.equal(
      scriptText({ ...script, waitsFor: { variables: ['a', 'b'] } }),
      'step 2 of 3, waits for a, b',
    )
    assert.equal(scriptText({ ...script, problem: 'It stopped.' }), 'It stopped.')
  })

  it('shows text of peers in one line, without icons', () => {
    assert.equal(labelText('a $(trash)\n\u001b[31m b'), 'a $ (trash) [31m b')
    assert.equal(labelText('x'.repeat(200)).length, 100)
  })
})

describe('the lens of a message', () => {
  it('says when it was sent, and what came of it', () => {
    const answered = { latency: 126, hasFailed: false, isOver: true }
    assert.equal(sentText(1200, undefined), 'sent 00:01.200')
    assert.equal(sentText(1200, answered), 'sent 00:01.200, answered after 126 ms')
    assert.equal(sentText(1200, { ...answered, hasFailed: true }), 'sent 00:01.200, failed after 126 ms')
    assert.equal(sentText(1200, { ...answered, latency: undefined }), 'sent 00:01.200, no answer')
    assert.equal(sentText(1200, { ...answered, latency: undefined, isOver: false }), 'sent 00:01.200')
  })

  const exchange = (start: number, answered?: number): Exchange => ({
    index: start,
    start,
    end: answered ?? start,
    answer: answered ?? null,
    answers: answered === undefined ? 0 : 1,
    isStream: false,
    isOver: false,
    hasFailed: false,
    kind: 'event',
    name: 'sum',
  })
  const asked = (exchanges: readonly Exchange[]): AskExchanges => {
    const lane = {
      connection: 1,
      exchanges,
      counts: null,
      answers: [],
      answerCount: 0,
      figures: null,
      heartbeats: [],
    }
    const list: ExchangeList = { lanes: [lane], rows: [], isCurrent: true }
    return async () => list
  }
  const script = (...sent: readonly { step: number; time: number }[]) => ({
    done: 0,
    of: 9,
    sent,
    variables: {},
  })

  it('has the answer to the request that was sent last before its time', async () => {
    const exchanges = [exchange(900, 950), exchange(1000, 1126), exchange(1999), exchange(2500, 2501)]
    const answers = await answersTo(
      1,
      script({ step: 3, time: 2001 }, { step: 0, time: 1001 }),
      2100,
      asked(exchanges),
    )
    assert.deepEqual(
      [...answers],
      [
        [0, { latency: 126, hasFailed: false, isOver: false }],
        [3, { latency: undefined, hasFailed: false, isOver: false }],
      ],
    )
  })

  it('has no answer any more after a while', async () => {
    const answers = await answersTo(1, script({ step: 0, time: 1000 }), 7000, asked([exchange(999)]))
    assert.equal(answers.get(0)?.isOver, true)
  })

  it('does not take the answer to another message', async () => {
    const answers = await answersTo(
      1,
      script({ step: 0, time: 1000 }, { step: 1, time: 2000 }),
      2100,
      asked([exchange(900, 950)]),
    )
    assert.deepEqual([...answers.keys()], [0])
    assert.equal((await answersTo(1, script(), 0, asked([]))).size, 0)
  })
})
