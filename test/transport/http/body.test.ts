import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, it } from 'mocha'
import { type BodySource, ResponseBody } from '../../../src/transport/http/body.ts'

/** Notes what the body asks of its connection. */
function sourceThatSays(said: string[]): BodySource {
  const say = (what: string) => () => {
    said.push(what)
  }
  return { pause: say('pause'), resume: say('resume'), abort: say('abort'), settled: say('settled') }
}

describe('a response body', () => {
  it('pauses the connection while its decoder is behind, but no longer', async () => {
    const plain = randomBytes(2 * 1024 * 1024)
    const coded = gzipSync(plain)
    const said: string[] = []
    const body = new ResponseBody(['gzip'], 1000, sourceThatSays(said))
    let decoded = 0
    const end = body.read({
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
    const end = body.read({ data: (bytes, time) => seen.push([bytes.length, time]) })
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
      const end = body.read({
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
