import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { holdTooLong } from '../../../../src/diagnose/rules/poll/hold-too-long.ts'
import { startNginx } from '../../../independent/nginx.ts'
import { captureUntil, polled, responses } from '../../../support/capture-until.ts'
import { diagnose } from '../../../support/diagnose.ts'
import { LiveEngine } from '../../../support/live-engine.ts'
import { serveHttp } from '../../../support/loopback.ts'

const POLL = { transport: 'long-poll', reconnect: 5 } as const

/** With a threshold of 500 ms. */
const find = (events: Parameters<typeof diagnose>[0]) =>
  diagnose(events, { rules: [holdTooLong], thresholds: { 'hold-too-long': 500 } })

describe('the rule hold-too-long', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine()
  })

  afterEach(() => live.close())

  it('finds a server that holds for longer than nginx waits', async () => {
    const server = await serveHttp(() => {})
    const nginx = await startNginx({
      server: `location / { proxy_pass ${server}; proxy_read_timeout 1s; }`,
    })
    try {
      const spec = { ...POLL, url: `http://${nginx.host}/` }
      const events = await captureUntil(live, spec, responses(2))
      const [finding, ...others] = await find(events)
      assert.deepEqual(others, [])
      // Whatever the threshold is, a gateway timeout says that it timed out.
      const thresholds = { 'hold-too-long': 60_000 }
      assert.equal((await diagnose(events, { rules: [holdTooLong], thresholds })).length, 1)
      const { title = '', message = '', advice = '', confidence, chart, evidence = {} } = finding ?? {}
      assert.match(title, /^\d.holds ended by status 504$/)
      assert.match(
        message,
        /(\d) of \1.polls on .* ended by status 504 after about 1(\.\d)? s, not with an empty response/,
      )
      assert.match(
        advice,
        /before the 1(\.\d)? s of the proxy in between are over, or raise .*proxy_read_timeout/,
      )
      assert.equal(confidence, undefined)
      assert.equal(finding?.threshold, undefined)
      assert.ok(Number(evidence.failed) >= 2)
      assert.ok(chart?.kind === 'values' && chart.points.every(({ tone }) => tone === 'wrong'))
    } finally {
      await nginx.stop()
    }
  })

  it('finds connections that are cut after the same time, and says that it infers', async () => {
    const handler: RequestListener = (request) => setTimeout(() => request.socket.destroy(), 600)
    const events = await polled(
      live,
      handler,
      POLL,
      (some) => some.filter(({ type }) => type === 'error').length >= 2,
    )
    const [finding] = await find(events)
    assert.match(finding?.title ?? '', /cut connection/)
    assert.match(finding?.confidence ?? '', /\d connections/)
    assert.equal(finding?.threshold?.unit, 'ms')
    assert.deepEqual(await diagnose(events, { rules: [holdTooLong] }), [])
  })

  it('is silent if the server answers with nothing in time, or fails at once', async () => {
    const inTime: RequestListener = (_, response) => setTimeout(() => response.writeHead(204).end(), 600)
    assert.deepEqual(await find(await polled(live, inTime, POLL, responses(2))), [])
    const atOnce: RequestListener = (_, response) => response.writeHead(502).end()
    assert.deepEqual(await find(await polled(live, atOnce, POLL, responses(2))), [])
  })
})
