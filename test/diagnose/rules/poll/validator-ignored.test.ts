import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { validatorIgnored } from '../../../../src/diagnose/rules/poll/validator-ignored.ts'
import { polled, responses } from '../../../support/capture-until.ts'
import { diagnose } from '../../../support/diagnose.ts'
import { LiveEngine } from '../../../support/live-engine.ts'

const BODY = JSON.stringify({ status: 'idle' })
const POLL = { transport: 'poll', interval: 5 } as const

const find = (events: Parameters<typeof diagnose>[0]) => diagnose(events, { rules: [validatorIgnored] })

describe('the rule validator-ignored', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine()
  })

  afterEach(() => live.close())

  it('finds a server that does not look at If-None-Match', async () => {
    const handler: RequestListener = (_, response) => response.setHeader('ETag', 'W/"idle"').end(BODY)
    const [finding, ...others] = await find(await polled(live, handler, POLL, responses(10)))
    assert.deepEqual(others, [])
    const { evidence, message = '', advice = '', title = '', events } = finding ?? {}
    assert.match(title, /responses repeated a body/)
    assert.match(message, /its ETag was the one that the request named/)
    assert.match(advice, /304/)
    assert.equal(evidence?.otherValidator, 0)
    assert.equal(evidence?.bytes, Number(evidence?.repeated) * BODY.length)
    assert.equal(events?.length, evidence?.repeated)
  })

  it('finds a server that gives the same body another ETag each time', async () => {
    let count = 0
    const handler: RequestListener = (_, response) => response.setHeader('ETag', `"${count++}"`).end(BODY)
    const [finding] = await find(await polled(live, handler, POLL, responses(10)))
    assert.match(finding?.message ?? '', /another each time/)
    assert.match(finding?.advice ?? '', /from the content/)
  })

  it('finds a server that does not look at If-Modified-Since', async () => {
    const date = 'Sat, 28 Nov 2026 15:14:32 GMT'
    const handler: RequestListener = (_, response) => response.setHeader('Last-Modified', date).end(BODY)
    const [finding] = await find(await polled(live, handler, POLL, responses(10)))
    assert.match(finding?.message ?? '', /its Last-Modified was the one/)
  })

  it('is silent if the server answers 304, changes its body, or has no validator', async () => {
    const compares: RequestListener = (request, response) => {
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end()
      else response.setHeader('ETag', '"1"').end(BODY)
    }
    let count = 0
    const changes: RequestListener = (_, response) =>
      response.setHeader('ETag', `"${count}"`).end(JSON.stringify({ count: count++ }))
    const plain: RequestListener = (_, response) => response.end(BODY)
    for (const handler of [compares, changes, plain])
      assert.deepEqual(await find(await polled(live, handler, POLL, responses(10))), [])
  })

  it('is silent if a long poll brings equal messages with ETags of their own', async () => {
    let count = 0
    const handler: RequestListener = (_, response) => response.setHeader('ETag', `"${count++}"`).end(BODY)
    assert.deepEqual(
      await find(await polled(live, handler, { ...POLL, transport: 'long-poll' }, responses(7))),
      [],
    )
  })
})
