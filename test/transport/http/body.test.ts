import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, it } from 'mocha'
import { Failure } from '../../../src/shared/failure.ts'
import { type BodySource, ResponseBody } from '../../../src/transport/http/body.ts'
import { readBody } from '../../../src/transport/http/exchange.ts'

/** Notes what the body asks of its connection. */
function sourceThatSays(said: string[]): BodySource {
  const say = (what: string) => () => {
    said.push(what)
  }
  return { pause: say('pause'), resume: say('resume'), abort: say('abort'), settled: say('settled') }
}

describe('a response body', () => {
  it('ends as part of the work of its reader if its source is shared', async () => {
    const work = new AsyncLocalStorage<string>()
    const body = new ResponseBody([], 1000, { ...sourceThatSays([]), isShared: true })
    const ended = new Promise((resolve) => {
      work.run('reader', () => body.read({ data() {}, ended: () => resolve(work.getStore()) }))
    })
    work.run('source', () => body.finish({ complete: true, time: 1 }))
    assert.equal(await ended, 'reader')
  })

  it('says how it ended to a reader that comes later', async () => {
    const body = new ResponseBody([], 1000, sourceThatSays([]))
    const failure = new Failure('DISCONNECTED', 'It was cancelled.')
    body.cancel(failure, 1)
    assert.deepEqual(await readBody(body, { data() {} }), { complete: false, time: 1, failure })
  })

  it('pauses the connection while its decoder is behind, but no longer', async () => {
    const plain = randomBytes(2 * 1024 * 1024)
    const coded = gzipSync(plain)
    const said: string[] = []
    const body = new ResponseBody(['gzip'], 1000, sourceThatSays(said))
    let decoded = 0
    const end = readBody(body, {
      data(bytes) {
        decoded += bytes.length
      },
    })
    // All at once, so that the decoder cannot keep up.
    for (let at = 0; at < coded.length; at += 32 * 1024) body.push(coded.subarray(at, at + 32 * 1024), 1)
    assert.deepEqual(said, ['pause'])
    body.finish({ complete: true, time: 2 })
    assert.deepEqual(await end, { complete: true, time: 2 })
    assert.equal(decoded, plain.length)
    assert.deepEqual(said, ['pause', 'resume', 'settled'])
  })

  it('buffers for a paused reader, and pauses the connection if that is too much', async () => {
    const said: string[] = []
    const body = new ResponseBody([], 1000, sourceThatSays(said))
    const seen: [length: number, time: number][] = []
    const end = readBody(body, { data: (bytes, time) => seen.push([bytes.length, time]) })
    body.pause()
    body.push(Buffer.alloc(40_000), 1)
    assert.deepEqual([seen, said], [[], []])
    body.push(Buffer.alloc(40_000), 2)
    assert.deepEqual([seen, said], [[], ['pause']])
    body.finish({ complete: true, time: 3 })
    assert.deepEqual(said, ['pause'])
    body.resume()
    assert.deepEqual(await end, { complete: true, time: 3 })
    assert.deepEqual(seen, [
      [40_000, 1],
      [40_000, 2],
    ])
    assert.deepEqual(said, ['pause', 'settled', 'resume'])
  })

  for (const [name, codings, encode] of [
    ['plain', [], Buffer.from],
    ['coded', ['gzip'], gzipSync],
  ] as const)
    it(`copies ${name} bytes that it keeps, since the connection overwrites them`, async () => {
      const nothing = () => {}
      const source = { pause: nothing, resume: nothing, abort: nothing }
      const body = new ResponseBody(codings, 1000, source)
      const lend = (bytes: Uint8Array) => {
        const lent = new Uint8Array(bytes)
        body.push(lent, 1)
        lent.fill(0)
      }
      const bytes = encode(Buffer.from('from the connection'))
      lend(bytes.subarray(0, 12))
      let text = ''
      const end = readBody(body, {
        data(read) {
          text += Buffer.from(read).toString()
        },
      })
      lend(bytes.subarray(12))
      body.finish({ complete: true, time: 2 })
      assert.deepEqual(await end, { complete: true, time: 2 })
      assert.equal(text, 'from the connection')
    })
})
