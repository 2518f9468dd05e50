import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { blankPolls } from '../../../../src/diagnose/rules/poll/blank-polls.ts'
import { polled, responses } from '../../../support/capture-until.ts'
import { diagnose } from '../../../support/diagnose.ts'
import { LiveEngine } from '../../../support/live-engine.ts'

const find = (events: Parameters<typeof diagnose>[0], threshold?: number) =>
  diagnose(events, {
    rules: [blankPolls],
    ...(threshold !== undefined && { thresholds: { 'blank-polls': threshold } }),
  })

/** Answers every `nth` request with news, and others with `blank`. */
function news(nth: number, blank: RequestListener): RequestListener {
  let count = 0
  return (request, response) => {
    count++
    if (count % nth === 0) response.end(JSON.stringify({ count }))
    else blank(request, response)
  }
}

const POLL = { transport: 'poll', interval: 5 } as const

describe('the rule blank-polls', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine()
  })

  afterEach(() => live.close())

  it('finds polls that are answered 204', async () => {
    const handler = news(10, (_, response) => response.writeHead(204).end())
    const [finding, ...others] = await find(await polled(live, handler, POLL, responses(30)))
    assert.deepEqual(others, [])
    const { title = '', message = '', advice = '', evidence, events, chart, source } = finding ?? {}
    assert.match(title, /^\d+ of \d+ polls brought nothing$/)
    assert.match(
      message,
      /It polls every \d+ ms, while something changes every .+\. The empty responses took about/,
    )
    assert.match(advice, /the same (\d+).changes in \1.responses/)
    assert.equal(evidence?.repeated, 0)
    assert.equal(events?.length, evidence?.blank)
    assert.equal(source?.url, 'https://www.rfc-editor.org/rfc/rfc6202#section-2.2')
    assert.ok(
      chart?.kind === 'times' &&
        chart.points.filter(({ tone }) => tone === 'plain').length === evidence?.changes,
    )
  })

  it('finds polls that are answered with the same body', async () => {
    const [finding] = await find(await polled(live, (_, response) => response.end('{}'), POLL, responses(20)))
    assert.match(finding?.message ?? '', /and something changed once\. The repeated responses took/)
  })

  it('is silent if polls bring something, or are few', async () => {
    let count = 0
    const handler: RequestListener = (_, response) => response.end(String(count++))
    assert.deepEqual(await find(await polled(live, handler, POLL, responses(20))), [])
    const empty: RequestListener = (_, response) => response.writeHead(204).end()
    const events = await polled(live, empty, POLL, responses(3))
    const few = events.filter(({ type }, at) => type !== 'request' || at < 8)
    assert.deepEqual(await find(few), [])
  })

  it('is silent up to the threshold', async () => {
    const handler = news(2, (_, response) => response.writeHead(204).end())
    const events = await polled(live, handler, POLL, responses(20))
    assert.deepEqual(await find(events), [])
    assert.equal((await find(events, 0.3)).length, 1)
  })

  it('is silent on a long poll, which the server holds', async () => {
    const handler: RequestListener = (_, response) => setTimeout(() => response.writeHead(204).end(), 1010)
    const events = await polled(live, handler, { transport: 'long-poll' }, responses(2))
    // The same cycles over and over.
    const cycle = events.filter(({ type }) => type === 'request' || type === 'response').slice(-2)
    const many = Array.from({ length: 20 }, () => cycle).flat()
    assert.deepEqual(await find([...events, ...many]), [])
  })
})
