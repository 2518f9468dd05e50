import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import type { Transform } from 'node:stream'
import zlib from 'node:zlib'
import { afterEach, describe, it } from 'mocha'
import { readBody } from '../../../src/transport/http/exchange.ts'
import { ask, Reading, readAll } from '../../support/exchange.ts'
import { closeServers, serveHttp } from '../../support/loopback.ts'
import { seededRandom } from '../../support/splits.ts'

interface Coding {
  readonly encode: (text: string) => Buffer
  readonly stream: () => Transform & { flush?: (callback: () => void) => void }
}

const CODINGS: Record<string, Coding> = {
  gzip: { encode: (text) => zlib.gzipSync(text), stream: () => zlib.createGzip() },
  deflate: { encode: (text) => zlib.deflateSync(text), stream: () => zlib.createDeflate() },
  br: { encode: (text) => zlib.brotliCompressSync(text), stream: () => zlib.createBrotliCompress() },
  zstd: { encode: (text) => zlib.zstdCompressSync(text), stream: () => zlib.createZstdCompress() },
}

const EVENTS = Array.from({ length: 5 }, (_, index) => `data: ${'event '.repeat(index + 1)}${index}\n\n`)

function serveCoded(coding: string, write: (response: ServerResponse) => void): Promise<string> {
  return serveHttp((_request, response) => {
    response.writeHead(200, { 'content-encoding': coding })
    response.socket?.setNoDelay(true)
    response.flushHeaders()
    write(response)
  })
}

function byPieces(bytes: Uint8Array, size: number, response: ServerResponse): void {
  const write = (at: number) => {
    if (at >= bytes.length) return void response.end()
    response.write(bytes.subarray(at, at + size), () => setImmediate(write, at + size))
  }
  write(0)
}

describe('content codings', () => {
  afterEach(closeServers)

  for (const [name, { encode, stream }] of Object.entries(CODINGS)) {
    it(`deliver each event of a ${name} body before the next one is written`, async () => {
      let send: (text: string) => void = () => {}
      const url = await serveCoded(name, (response) => {
        const encoder = stream()
        encoder.pipe(response)
        send = (text) => {
          encoder.write(text)
          encoder.flush?.(() => {})
        }
      })
      const response = await ask(url)
      const reading = new Reading(response)
      for (const event of EVENTS) {
        send(event)
        await reading.until(event)
      }
      assert.equal(reading.text, EVENTS.join(''))
      const times = reading.pieces.map(({ time }) => time)
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      )
      response.abort()
    })

    it(`decode a ${name} body that arrives byte by byte`, async () => {
      const text = EVENTS.join('')
      const url = await serveCoded(name, (response) => byPieces(encode(text), 1, response))
      const read = await readAll(await ask(url))
      assert.equal(read.text, text)
      assert.equal(read.end.complete, true)
    })

    it(`report a truncated ${name} body, and keep what arrived`, async () => {
      const coded = encode('kept '.repeat(50_000))
      const url = await serveCoded(name, (response) => void response.end(coded.subarray(0, -6)))
      const { text, end } = await readAll(await ask(url))
      assert.ok('kept '.repeat(50_000).startsWith(text))
      assert.ok(!end.complete)
      assert.equal(end.failure.code, 'TRUNCATED')
      assert.match(end.failure.message, /coding/)
    })

    it(`accept an empty body with the coding ${name}`, async () => {
      const url = await serveCoded(name, (response) => void response.end())
      const { text, end } = await readAll(await ask(url))
      assert.deepEqual([text, end.complete], ['', true])
    })
  }

  it('decode raw deflate, which some servers send', async () => {
    const url = await serveCoded('deflate', (response) => void response.end(zlib.deflateRawSync('raw')))
    assert.equal((await readAll(await ask(url))).text, 'raw')
  })

  it('decode several codings, in the order in which they were applied', async () => {
    const bytes = zlib.brotliCompressSync(zlib.gzipSync('twice'))
    const url = await serveCoded('gzip, br', (response) => byPieces(bytes, 1, response))
    const { text, end } = await readAll(await ask(url))
    assert.deepEqual([text, end.complete], ['twice', true])
  })

  it('decode several gzip members and zstd frames in a row', async () => {
    for (const name of ['gzip', 'zstd']) {
      const encode = CODINGS[name]?.encode ?? zlib.gzipSync
      const whole = Buffer.concat(EVENTS.map((event) => encode(event)))
      const together = await serveCoded(name, (response) => void response.end(whole))
      assert.equal((await readAll(await ask(together))).text, EVENTS.join(''), `${name} at once`)
      const apart = await serveCoded(name, (response) => byPieces(whole, 1, response))
      assert.equal((await readAll(await ask(apart))).text, EVENTS.join(''), `${name} byte by byte`)
    }
  })

  for (const [name, { encode }] of Object.entries(CODINGS)) {
    const text = EVENTS.join('')

    for (const size of [1, 1000])
      it(`deliver all of a ${name} body that is followed by other bytes, and report those, ${size} at a time`, async () => {
        const bytes = Buffer.concat([encode(text), Buffer.from('\n \n')])
        const url = await serveCoded(name, (response) => byPieces(bytes, size, response))
        const read = await readAll(await ask(url))
        assert.equal(read.text, text)
        assert.ok(read.end.complete)
        assert.deepEqual(read.end.oddities, [`3 bytes after the end of its ${name} coding were ignored`])
      })

    it(`deliver what a ${name} body contains before an error`, async () => {
      const random = seededRandom(7)
      const lines = Array.from({ length: 300 }, (_, index) => `${index} ${random()}\n`).join('')
      const good = encode(lines)
      for (const share of [0.3, 0.6, 0.9]) {
        const bad = Buffer.from(good)
        bad.fill(0xff, Math.floor(share * bad.length))
        const url = await serveCoded(name, (response) => void response.end(bad))
        const read = await readAll(await ask(url))
        assert.ok(!read.end.complete)
        assert.match(read.end.failure.code, /^(?:BAD_ENCODING|TRUNCATED)$/)
        const before = await readAll(
          await ask(
            await serveCoded(
              name,
              (response) => void response.end(good.subarray(0, Math.floor(share * bad.length))),
            ),
          ),
        )
        assert.ok(
          read.text.startsWith(before.text),
          `${read.text.length} of ${before.text.length} at ${share}`,
        )
        if (name !== 'zstd') assert.ok(before.text.length > 500)
      }
    })
  }

  for (const name of ['gzip', 'deflate', 'zstd'])
    it(`deliver all of a ${name} body whose checksum is wrong, and report that`, async () => {
      const text = EVENTS.join('')
      const checked = { params: { [zlib.constants.ZSTD_c_checksumFlag]: 1 } }
      const bytes =
        name === 'zstd' ? zlib.zstdCompressSync(text, checked) : (CODINGS[name]?.encode(text) ?? Buffer.of())
      const at = bytes.length - (name === 'gzip' ? 8 : 4)
      bytes[at] = (bytes[at] ?? 0) ^ 1
      for (const size of [1, bytes.length]) {
        const url = await serveCoded(name, (response) => byPieces(bytes, size, response))
        const read = await readAll(await ask(url))
        assert.equal(read.text, text)
        assert.ok(!read.end.complete)
        assert.equal(read.end.failure.code, 'BAD_ENCODING')
      }
    })

  it('deliver what a body with several codings contains before an error', async () => {
    const broken = zlib.gzipSync(zlib.brotliCompressSync('kept'))
    broken.fill(0, broken.length - 8)
    const url = await serveCoded('br, gzip', (response) => void response.end(broken))
    const read = await readAll(await ask(url))
    assert.equal(read.text, 'kept')
    assert.equal(read.end.complete || read.end.failure.code, 'BAD_ENCODING')
  })

  it('read gzip headers with all optional fields, and zstd frames without content', async () => {
    const [head, rest] = [Buffer.from(zlib.gzipSync('x').subarray(0, 10)), zlib.gzipSync('x').subarray(10)]
    head[3] = 2 + 4 + 8 + 16
    const fields = Buffer.from('\x03\x00abcname\0comment\0\x12\x34', 'latin1')
    const skipped = Buffer.from([0x5f, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])
    const empty = zlib.zstdCompressSync('')
    for (const [name, bytes, text] of [
      ['gzip', Buffer.concat([head, fields, rest]), 'x'],
      ['gzip', Buffer.concat([zlib.gzipSync(''), zlib.gzipSync('x'), zlib.gzipSync('')]), 'x'],
      [
        'zstd',
        Buffer.concat([skipped, zlib.zstdCompressSync('x'), empty, skipped, zlib.zstdCompressSync('y')]),
        'xy',
      ],
      ['zstd', Buffer.concat([empty, empty]), ''],
    ] as const)
      for (const size of [1, bytes.length]) {
        const read = await readAll(
          await ask(await serveCoded(name, (response) => byPieces(bytes, size, response))),
        )
        assert.deepEqual([read.text, read.end.complete], [text, true], `${name} ${size}`)
      }
  })

  it('report a body as truncated if it ends inside the header of a frame or a member', async () => {
    for (const [name, more] of [
      ['gzip', [0x1f, 0x8b]],
      ['zstd', [0x28, 0xb5]],
    ] as const) {
      const bytes = Buffer.concat([CODINGS[name]?.encode('whole') ?? Buffer.of(), Buffer.from(more)])
      const read = await readAll(await ask(await serveCoded(name, (response) => void response.end(bytes))))
      assert.equal(read.text, 'whole')
      assert.equal(read.end.complete || read.end.failure.code, 'TRUNCATED')
    }
  })

  it('use one decompressor for many zstd frames, and none for those without content', async () => {
    const record = zlib.zstdCompressSync('x')
    const bytes = Buffer.concat([
      ...Array<Buffer>(20_000).fill(zlib.zstdCompressSync('')),
      ...Array<Buffer>(300).fill(record),
    ])
    const url = await serveCoded('zstd', (response) => void response.end(bytes))
    assert.equal((await readAll(await ask(url))).text, 'x'.repeat(300))
  })

  it('are none if the field does not name a coding', async () => {
    for (const coding of ['none', 'identity', 'UTF-8', 'identity, none', '']) {
      const url = await serveCoded(coding, (response) => void response.end('plain'))
      const response = await ask(url)
      const { text, end } = await readAll(response)
      assert.deepEqual([text, end.complete], ['plain', true], coding)
      assert.equal(response.wireSpan(0, 5), 10)
    }
  })

  it('reject an unknown coding, and too many codings', async () => {
    for (const coding of ['compress', 'gzip, gzip, gzip, gzip, gzip']) {
      const url = await serveCoded(coding, (response) => void response.end('data'))
      const { end } = await readAll(await ask(url))
      assert.ok(!end.complete)
      assert.equal(end.failure.code, 'BAD_ENCODING')
    }
  })

  it('report a body that does not have the coding', async () => {
    for (const [name, body] of [
      ['gzip', 'plain text all along'],
      ['gzip', 'OK'],
      ['zstd', 'OK'],
    ] as const) {
      const url = await serveCoded(name, (response) => void response.end(body))
      const { end } = await readAll(await ask(url))
      assert.ok(!end.complete)
      assert.equal(end.failure.code, 'BAD_ENCODING')
      assert.match(end.failure.message, new RegExp(`is not ${name}`))
    }
  })

  for (const [name, { encode }] of Object.entries(CODINGS))
    it(`end a ${name} bomb, whatever it expands to, and keep what came before`, async () => {
      const bomb = encode('0'.repeat(4_000_000))
      const url = await serveCoded(name, (response) => byPieces(bomb, 100, response))
      const { text, end } = await readAll(await ask(url, { spec: { maxMessageSize: 1_000_000 } }))
      assert.ok(!end.complete)
      assert.equal(end.failure.code, 'TOO_LARGE')
      assert.match(end.failure.message, /1000000 bytes .*bomb.*; raise/)
      assert.ok(text.length > 500_000 && text.length < 4_000_000 && /^0+$/.test(text), `${text.length}`)
    })

  it('end a bomb of many small frames', async () => {
    const frame = zlib.zstdCompressSync('0'.repeat(40_000))
    const bomb = Buffer.concat(Array.from({ length: 100 }, () => frame))
    const url = await serveCoded('zstd', (response) => void response.end(bomb))
    const { end } = await readAll(await ask(url, { spec: { maxMessageSize: 1_000_000 } }))
    assert.equal(end.complete || end.failure.code, 'TOO_LARGE')
  })

  it('do not mistake a well compressed stream for a bomb', async () => {
    const line = `${JSON.stringify({ level: 'info', message: 'nothing to report' })}\n`
    const gzip = zlib.gzipSync(line.repeat(60_000))
    const url = await serveCoded('gzip', (response) => byPieces(gzip, 1000, response))
    const { text, end } = await readAll(await ask(url, { spec: { maxMessageSize: 1000 } }))
    assert.ok(end.complete)
    assert.equal(text.length, line.length * 60_000)
    assert.ok(text.length / gzip.length > 200)
  })

  it('pause the connection while the reader pauses inside a bomb', async () => {
    const size = 64 * 1024 * 1024
    const bomb = zlib.gzipSync(Buffer.alloc(size))
    const url = await serveCoded('gzip', (response) => void response.end(bomb))
    const response = await ask(url)
    let seen = 0
    const end = readBody(response, {
      data(bytes) {
        if (seen === 0) response.pause()
        seen += bytes.length
      },
    })
    await new Promise((resolve) => setTimeout(resolve, 200))
    assert.ok(seen > 0 && seen < 512 * 1024, `${seen} bytes came while paused`)
    response.resume()
    assert.equal((await end).complete, true)
    assert.equal(seen, size)
  })
})
