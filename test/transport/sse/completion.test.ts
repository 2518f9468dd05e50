import assert from 'node:assert/strict'
import { RecordedConnection } from '../../support/connection.ts'
import { closeServers, serveHttp } from '../../support/loopback.ts'
import { connect, eventStream, serveStream } from './support.ts'

describe('an event stream with an end marker', () => {
  afterEach(closeServers)

  const COMPLETE: readonly [who: string, body: string][] = [
    ['GraphQL over SSE', 'event: next\ndata: {"data":{}}\n\nevent: complete\ndata:\n\n'],
    ['GraphQL over SSE, without data', 'event: next\ndata: {"data":{}}\n\nevent: complete\n\n'],
    ['the same with comments after it', 'event: complete\ndata: \n\n: bye\n\n:\n\nid: 1\n\n'],
    ['tRPC', 'data: 1\n\nevent: return\ndata: \n\n'],
    ['OpenAI', 'data: {"choices":[]}\n\ndata: [DONE]\n\n'],
    ['Anthropic', 'event: message_stop\ndata: {"type":"message_stop"}\n\n'],
  ]
  for (const [who, body] of COMPLETE)
    it(`is not requested again: ${who}`, async () => {
      const attempt = connect(await serveStream(body))
      assert.deepEqual(await attempt.outcome, {
        end: 'done',
        reason: 'the server said that the stream is complete',
      })
      assert.deepEqual(attempt.of('error'), [])
      assert.equal(attempt.events.at(-1)?.type, 'close')
    })

  const GOES_ON: readonly [what: string, body: string][] = [
    ['one operation of several', 'event: complete\ndata: {"id":"1"}\n\n'],
    ['an event after it', 'event: complete\ndata:\n\ndata: 1\n\n'],
    ['an event after one without data', 'event: complete\n\ndata: 1\n\n'],
    ['one that only says the word', 'data: complete\n\n'],
    ['one that was cut', 'data: 1\n\nevent: complete\n'],
    ['nothing', ''],
  ]
  for (const [what, body] of GOES_ON)
    it(`is requested again after ${what}`, async () => {
      assert.equal((await connect(await serveStream(body)).outcome).end, 'lost')
    })

  it('is recognized in batches, too', async () => {
    for (const [body, end] of [
      ['data: 1\n\ndata: 2\n\ndata: [DONE]\n\n', 'done'],
      ['data: [DONE]\n\ndata: 2\n\n', 'lost'],
      ['event: complete\ndata:\n\ndata: 2\n\n', 'lost'],
      ['event: complete\n\ndata: 2\n\n', 'lost'],
    ] as const) {
      const attempt = connect(await serveStream(body), {}, undefined, () => {})
      assert.equal((await attempt.outcome).end, end, body)
    }
  })

  it('ends the connection, unless the user set a reconnect policy', async () => {
    let requests = 0
    const url = await serveHttp((request, response) => {
      requests++
      eventStream(request, response)
      response.end('data: 1\n\nevent: complete\ndata:\n\n')
    })
    const left = new RecordedConnection({ url })
    left.connection.start()
    assert.equal((await left.connection.done).end, 'done')
    assert.equal(left.of('reconnect').length, 0)
    assert.equal(requests, 1)
    const told = new RecordedConnection({ url, reconnect: 1 })
    told.connection.start()
    await told.until('open', 3)
    await told.connection.disconnect()
    assert.equal(told.of('reconnect')[0]?.reason, 'the server said that the stream is complete')
  })
})
