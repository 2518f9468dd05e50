/** Python's plain file server: redirects, complete responses, and streams of unknown type. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { createTransport } from '../../src/transport/registry.ts'
import { Attempt } from '../support/attempt.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

const RECORDS = ['{"n":1}', '{"n":2,"text":"größer"}']

describe("Python's http.server", () => {
  let server: ChildProcess
  let origin: string

  before(async () => {
    const folder = tempDir()
    writeFileSync(join(folder, 'log.ndjson'), `${RECORDS.join('\n')}\n`)
    mkdirSync(join(folder, 'page'))
    writeFileSync(join(folder, 'page', 'index.html'), '<p>a page</p>')
    // Port 0 selects a free port. The server prints its number, unbuffered.
    server = spawn('python3', ['-u', '-m', 'http.server', '0', '--bind', '127.0.0.1', '-d', folder], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    origin = await servingAt(server)
  })
  after(async () => {
    const ended = once(server, 'exit')
    server.kill()
    await ended
    removeTempDirs()
  })

  async function run(path: string, spec: Omit<ConnectionSpec, 'url'>) {
    const base = spec.transport === 'websocket' ? origin.replace('http', 'ws') : origin
    const whole = { ...spec, url: `${base}${path}` }
    const attempt = new Attempt(createTransport(whole), whole)
    return { attempt, outcome: await attempt.outcome }
  }

  it('serves the records of a file, and its end', async () => {
    const { attempt } = await run('/log.ndjson', { transport: 'http-stream', framing: 'ndjson' })
    assert.deepEqual(attempt.texts(), RECORDS)
    assert.deepEqual(
      attempt.of('close').map(({ by }) => by),
      ['server'],
    )
  })

  it('redirects, which is followed and reported', async () => {
    const { attempt } = await run('/page', { transport: 'http-stream', framing: 'raw' })
    assert.deepEqual(attempt.of('open')[0]?.redirects, [{ status: 301, location: `${origin}/page/` }])
    assert.deepEqual(attempt.texts(), ['<p>a page</p>'])
  })

  it('answers with a complete response, which is reported with a hint', async () => {
    const { attempt, outcome } = await run('/page/', {})
    assert.equal(outcome.end, 'failed')
    const [error] = attempt.of('error')
    assert.equal(error?.code, 'PLAIN_RESPONSE')
    assert.match(error?.message ?? '', /poll/)
  })

  it('is not an event stream', async () => {
    const { attempt, outcome } = await run('/page/', { transport: 'sse' })
    assert.equal(outcome.end, 'failed')
    assert.equal(attempt.of('error')[0]?.code, 'BAD_MIME')
  })

  it('does not support WebSockets', async () => {
    const { attempt, outcome } = await run('/page/', { transport: 'websocket' })
    assert.equal(outcome.end, 'failed')
    assert.equal(attempt.of('message').length, 0)
    assert.equal(attempt.of('error').length, 1)
  })
})

function servingAt({ stdout }: ChildProcess): Promise<string> {
  let printed = ''
  return new Promise((resolve, reject) => {
    stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      printed += chunk
      const found = /port (\d+)/.exec(printed)?.[1]
      if (found !== undefined) resolve(`http://127.0.0.1:${found}`)
    })
    stdout?.once('end', () => reject(new Error(`python3 did not serve: ${printed}`)))
  })
}
