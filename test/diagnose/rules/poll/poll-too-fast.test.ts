import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { pollTooFast } from '../../../../src/diagnose/rules/poll/poll-too-fast.ts'
import { polled, responses } from '../../../support/capture-until.ts'
import { diagnose } from '../../../support/diagnose.ts'
import { LiveEngine } from '../../../support/live-engine.ts'

const POLL = { transport: 'poll', interval: 5, reconnect: 5 } as const

const find = (events: Parameters<typeof diagnose>[0]) => diagnose(events, { rules: [pollTooFast] })

/** Something new for every `nth` request, the same otherwise. */
function everyNth(nth: number, headers: Readonly<Record<string, string>> = {}): RequestListener {
  let count = 0
  return (_, response) => response.writeHead(200, headers).end(String(Math.floor(count++ / nth)))
}

describe('the rule poll-too-fast', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine()
  })

  afterEach(() => live.close())

  it('finds many polls for each change', async () => {
    const [finding, ...others] = await find(await polled(live, everyNth(40), POLL, responses(130)))
    assert.deepEqual(others, [])
    const { title = '', message = '', evidence = {}, confidence } = finding ?? {}
    assert.match(title, /^\d+ polls for each change$/)
    assert.match(message, /is polled every \d+ ms, and what it asks for changes every/)
    assert.ok(Number(evidence.factor) >= 20)
    assert.match(confidence ?? '', /changes/)
  })

  it('finds an interval below the one that the server asks for', async () => {
    const handler = everyNth(2, { 'X-Poll-Interval': '60' })
    const [finding] = await find(await polled(live, handler, POLL, responses(10)))
    assert.match(finding?.message ?? '', /its X-Poll-Interval asks for 1 min/)
    assert.match(finding?.source?.url ?? '', /docs\.github\.com/)
  })

  it('finds polls that the server refuses', async () => {
    let count = 0
    const handler: RequestListener = (_, response) => {
      if (count++ % 4 === 3) response.writeHead(429).end()
      else response.end(String(count))
    }
    const [finding] = await find(await polled(live, handler, POLL, responses(8)))
    assert.match(finding?.title ?? '', /refused \d.polls? as too many/)
    assert.match(finding?.source?.title ?? '', /6585/)
  })

  it('is silent if each poll, or every fifth, brings something', async () => {
    for (const nth of [1, 5])
      assert.deepEqual(await find(await polled(live, everyNth(nth), POLL, responses(30))), [])
  })
})
