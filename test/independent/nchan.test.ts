/** All transports at once on one channel of a server from another project. */
import assert from 'node:assert/strict'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { createTransport } from '../../src/transport/registry.ts'
import { Attempt } from '../support/attempt.ts'
import { closeServers } from '../support/loopback.ts'
import { type Nchan, startNchan } from './nginx.ts'

const BEFORE = ['{"n":1,"text":"first"}', 'größer, 日本語, 😀']
const AFTER = ['two\nlines', '{"n":4}', 'x'.repeat(5000), 'the last']
const ALL = [...BEFORE, ...AFTER]

describe('nginx with Nchan', () => {
  let nchan: Nchan
  const attempts: Attempt[] = []

  before(async () => {
    nchan = await startNchan()
  })
  afterEach(async () => {
    await Promise.all(attempts.splice(0).map((attempt) => attempt.disconnect()))
    closeServers()
  })
  after(() => nchan.stop())

  function open(path: string, spec: Omit<ConnectionSpec, 'url'>): Attempt {
    const scheme = spec.transport === 'websocket' ? 'ws' : 'http'
    const whole = { ...spec, url: `${scheme}://${nchan.host}/${path}` }
    const attempt = new Attempt(createTransport(whole), whole)
    attempts.push(attempt)
    return attempt
  }

  it('delivers the same messages in the same order over each transport', async () => {
    for (const message of BEFORE) await nchan.publish('all', message)
    const one = {
      websocket: open('subscribe/all', { transport: 'websocket' }),
      sse: open('subscribe/all', { transport: 'sse' }),
      longPoll: open('subscribe/all', { transport: 'long-poll' }),
      multipart: open('subscribe/all', {
        transport: 'http-stream',
        headers: { Accept: 'multipart/mixed' },
      }),
    }
    const chunked = open('subscribe/all', {
      transport: 'http-stream',
      framing: 'raw',
      headers: { TE: 'chunked' },
    })
    await Promise.all([...Object.values(one), chunked].map((attempt) => attempt.until('message')))
    for (const message of AFTER) await nchan.publish('all', message)
    for (const [name, attempt] of Object.entries(one)) {
      await attempt.until('message', ALL.length)
      assert.deepEqual(attempt.texts(), ALL, name)
      assert.deepEqual(attempt.of('error'), [], name)
    }
    // Raw records depend on how the network splits them, but their content is the same.
    const whole = ALL.join('')
    for (let count = 1; chunked.texts().join('').length < whole.length; count++)
      await chunked.until('message', count)
    assert.equal(chunked.texts().join(''), whole)
  })

  it('compresses a WebSocket message, whose wire size is reported', async () => {
    await nchan.publish('deflated', 'x'.repeat(20_000))
    const { until, of } = bound(open('subscribe/deflated', { transport: 'websocket' }))
    await until('message')
    const [message] = of('message')
    assert.equal(message?.payload.length, 20_000)
    assert.equal(message?.compressed, true)
    assert.ok((message?.wireSize ?? 20_000) < 200, `${message?.wireSize} bytes`)
    assert.match(of('open')[0]?.extensions ?? '', /permessage-deflate/)
  })

  it('resumes a long poll by both validators, and treats 408 as empty', async () => {
    await nchan.publish('held', 'one')
    const { until, of, texts } = bound(open('impatient/held', { transport: 'long-poll' }))
    await until('message')
    await until('response', 2)
    const [brought, empty] = of('response')
    assert.deepEqual([brought?.status, brought?.empty], [200, false])
    assert.deepEqual([empty?.status, empty?.empty], [408, true])
    assert.ok((empty?.held ?? 0) > 500, `held for ${empty?.held} ms`)
    await nchan.publish('held', 'two')
    await until('message', 2)
    assert.deepEqual(texts(), ['one', 'two'])
    const names = Object.keys(of('request')[1]?.headers ?? {}).map((name) => name.toLowerCase())
    assert.ok(names.includes('if-none-match') && names.includes('if-modified-since'), String(names))
    assert.deepEqual(of('error'), [])
  })

  it('resumes an event stream after the last event ID', async () => {
    for (const message of ['one', 'two', 'three']) await nchan.publish('resumed', message)
    const first = open('subscribe/resumed', { transport: 'sse' })
    await first.until('message', 2)
    const id = first.of('message')[1]?.id ?? ''
    assert.notEqual(id, '')
    await first.disconnect()
    const again = open('subscribe/resumed', { transport: 'sse', headers: { 'Last-Event-ID': id } })
    await again.until('message')
    assert.deepEqual(again.texts(), ['three'])
  })

  it('lets auto find each transport', async () => {
    await nchan.publish('auto', 'hello')
    const expected = {
      sse: open('subscribe/auto', { headers: { Accept: 'text/event-stream' } }),
      'http-stream': open('subscribe/auto', { headers: { Accept: 'multipart/mixed' } }),
    }
    for (const [transport, attempt] of Object.entries(expected)) {
      await attempt.until('message')
      assert.equal(attempt.of('open')[0]?.transport, transport)
      assert.deepEqual(attempt.texts(), ['hello'])
    }
  })

  it('rejects a wrong request with a status, which is reported', async () => {
    const attempt = open('nowhere', { transport: 'sse' })
    const { end } = await attempt.outcome
    assert.equal(end, 'failed')
    assert.deepEqual(
      attempt.of('error').map(({ code, status }) => [code, status]),
      [['HTTP_STATUS', 404]],
    )
  })
})

function bound(attempt: Attempt) {
  return {
    until: attempt.until.bind(attempt),
    of: attempt.of.bind(attempt) as Attempt['of'],
    texts: attempt.texts.bind(attempt),
  }
}
