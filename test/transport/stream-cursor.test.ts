/** HTTP streams that resume from their last record. */
import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { HttpStreamTransport } from '../../src/transport/http-stream.ts'
import { newResumeState, type ResumeState } from '../../src/transport/transport.ts'
import { Attempt } from '../support/attempt.ts'
import { closeServers, serveHttp } from '../support/loopback.ts'

const CURSOR = 'json:/object/metadata/resourceVersion:resourceVersion'
const event = (version: string) =>
  JSON.stringify({ type: 'ADDED', object: { metadata: { resourceVersion: version } } })
const EXPIRED = JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } })

describe('an HTTP stream with a cursor', () => {
  afterEach(closeServers)

  /** Answers with these lines, then with a status for each further request. */
  async function serve(...answers: readonly (readonly string[] | number)[]) {
    const requests: IncomingMessage[] = []
    const url = await serveHttp((request, response) => {
      const answer = answers[requests.length] ?? []
      requests.push(request)
      if (typeof answer === 'number') response.writeHead(answer).end()
      else
        response
          .writeHead(200, { 'Content-Type': 'application/json' })
          .end(answer.map((line) => `${line}\n`).join(''))
    })
    return { url: `${url}watch?watch=1`, requests }
  }

  function open(url: string, resume: ResumeState, spec: Partial<ConnectionSpec> = {}): Attempt {
    return new Attempt(new HttpStreamTransport(), { url, cursor: CURSOR, ...spec }, resume)
  }

  it('continues after its last record when the response is complete', async () => {
    const { url, requests } = await serve([event('5'), event('7'), '{"type":"BOOKMARK"}'], [])
    const resume = newResumeState()
    assert.equal((await open(url, resume).outcome).end, 'lost')
    assert.equal(resume.cursor, '7')
    assert.equal((await open(url, resume).outcome).end, 'lost')
    assert.deepEqual(
      requests.map((request) => request.url),
      ['/watch?watch=1', '/watch?watch=1&resourceVersion=7'],
    )
  })

  it('starts over if a record says that the cursor is too old', async () => {
    const { url, requests } = await serve([event('5')], [EXPIRED], [event('9')])
    const resume = newResumeState()
    await open(url, resume).outcome
    const expired = open(url, resume)
    assert.equal((await expired.outcome).end, 'lost')
    assert.equal(expired.of('error')[0]?.code, 'CURSOR_GONE')
    await open(url, resume).outcome
    assert.equal(requests[2]?.url, '/watch?watch=1')
    assert.equal(resume.cursor, '9')
  })

  it('starts over if the status says so', async () => {
    const { url } = await serve([event('5')], 410)
    const resume = newResumeState()
    await open(url, resume).outcome
    const gone = open(url, resume)
    assert.equal((await gone.outcome).end, 'lost')
    assert.deepEqual(resume.cursorParams, {})
    assert.equal(gone.of('error')[0]?.code, 'CURSOR_GONE')
  })

  it('does not repeat a POST by itself, nor a stream without a cursor', async () => {
    const { url } = await serve([event('5')], [event('6')])
    assert.equal((await open(url, newResumeState(), { method: 'POST' }).outcome).end, 'done')
    assert.equal((await open(url, newResumeState(), { cursor: 'auto' }).outcome).end, 'done')
  })

  it('takes a blank line for a heartbeat', async () => {
    const url = await serveHttp((_request, response) =>
      response.writeHead(200, { 'Content-Type': 'text/plain' }).end(`${event('5')}\n\n`),
    )
    const resume = newResumeState()
    const attempt = open(url, resume)
    assert.equal((await attempt.outcome).end, 'lost')
    assert.deepEqual([resume.cursor, attempt.of('error')], ['5', []])
  })

  it('reports a record that is not JSON, and goes on without the cursor', async () => {
    const url = await serveHttp((_request, response) =>
      response.writeHead(200, { 'Content-Type': 'text/plain' }).end('hello\nworld\n'),
    )
    const attempt = open(url, newResumeState())
    assert.equal((await attempt.outcome).end, 'done')
    assert.deepEqual(attempt.texts(), ['hello', 'world'])
    assert.deepEqual(
      attempt.of('error').map(({ code }) => code),
      ['BAD_CURSOR'],
    )
  })
})
