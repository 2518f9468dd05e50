import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { pollTooSlow } from '../../../../src/diagnose/rules/poll/poll-too-slow.ts'
import { polled, responses } from '../../../support/capture-until.ts'
import { diagnose } from '../../../support/diagnose.ts'
import { LiveEngine } from '../../../support/live-engine.ts'

const POLL = { transport: 'poll', interval: 10 } as const

const find = (events: Parameters<typeof diagnose>[0]) => diagnose(events, { rules: [pollTooSlow] })

/** A version that rises by `step` from each poll to the next, with a list of `length` changes. */
function versions(step: number, length?: number): RequestListener {
  let version = 0
  return (_, response) => {
    version += step
    const changes = length === undefined ? {} : { changes: Array.from({ length }, (_, at) => at) }
    response.end(JSON.stringify({ version, ...changes }))
  }
}

/** Something new each time, as old as `age` says, in ms. */
function aged(age: number, headers: Readonly<Record<string, string>> = {}): RequestListener {
  let count = 0
  return (_, response) => {
    const modified = new Date(Date.now() - age).toUTCString()
    response.writeHead(200, { ...headers, 'Last-Modified': modified }).end(String(count++))
  }
}

describe('the rule poll-too-slow', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine()
  })

  afterEach(() => live.close())

  it('finds versions that no poll saw', async () => {
    const events = await polled(live, versions(5), POLL, responses(20))
    const [finding, ...others] = await find(events)
    assert.deepEqual(others, [])
    const { title = '', message = '', evidence = {}, confidence = '', chart } = finding ?? {}
    assert.match(title, /^\d+.versions came and went between polls$/)
    assert.match(message, /version rises by 5\.0/)
    assert.equal(evidence.missed, 4 * Number(evidence.steps))
    assert.match(confidence, /rose by more than 1 in (\d+) of \1 steps/)
    assert.ok(chart?.kind === 'series' && chart.label === 'version')
    // A last body without a version, such as one that says that something failed.
    const from = events.findLastIndex(({ type }) => type === 'request')
    const last = events.slice(from).map((event) => ({
      ...event,
      ...(event.type === 'message' && { payload: Buffer.from('{"failed":true}') }),
    }))
    const [still] = await find([...events.slice(0, from), ...last])
    assert.match(still?.message ?? '', /version rises by 5\.0/)
  })

  it('finds changes that are older than the interval allows', async () => {
    const [finding] = await find(await polled(live, aged(60_000), POLL, responses(12)))
    assert.match(finding?.title ?? '', /^Changes are (?:1 min|59|1 min 1).* old when a poll brings them$/)
    assert.match(finding?.advice ?? '', /Look for a cache/)
    const cached = await find(await polled(live, aged(0, { Age: '30' }), POLL, responses(12)))
    assert.match(cached.at(-1)?.message ?? '', /A cache between answers some of the polls/)
  })

  it('is silent if polls see each version, or a list of what happened', async () => {
    for (const handler of [versions(1), versions(5, 5), versions(0), aged(0)])
      assert.deepEqual(await find(await polled(live, handler, POLL, responses(20))), [])
  })
})
