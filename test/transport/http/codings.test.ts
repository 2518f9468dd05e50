import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import type { Transform } from 'node:stream'
import zlib from 'node:zlib'
import { afterEach, describe, it } from 'mocha'
import { ask, Reading, readAll } from '../../support/exchange.ts'
import { closeServers, serveHttp } from '../../support/loopback.ts'

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
    it(`give out each event of a ${name} body before the next is written`, async () => {
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

    it(`decode a ${name} body that comes byte by byte`, async () => {
      const text = EVENTS.join('')
      const url = await serveCoded(name, (response) => byPieces(encode(text), 1, response))
      const read = await readAll(await ask(url))
      assert.equal(read.text, text)
      assert.equal(read.end.complete, true)
    })

    it(`say that a ${name} body was cut short, and keep what came`, async () => {
      const coded = encode('kept '.repeat(50_000))
      const url = await serveCoded(name, (response) => void response.end(coded.subarray(0, -6)))
      const { text, end } = await readAll(await ask(url))
      assert.ok('kept '.repeat(50_000).startsWith(text))
      assert.ok(!end.complete)
      assert.equal(end.failure.code, 'TRUNCATED')
      assert.match(end.failure.message, /coding/)
    })

    it(`take an empty body for an empty one although it is called ${name}`, async () => {
      const url = await serveCoded(name, (response) => void response.end())
      const { text, end } = await readAll(await ask(url))
      assert.deepEqual([text, end.complete], ['', true])
    })
  }

  it('decode raw deflate, as some servers send it', async () => {
    const url = await serveCoded('deflate', (response) => void response.end(zlib.deflateRawSync('raw')))
    assert.equal((await readAll(await ask(url))).text, 'raw')
  })

  it('decode one coding over another, in the order they were applied', async () => {
    const bytes = zlib.brotliCompressSync(zlib.gzipSync('twice'))
    const url = await serveCoded('gzip, br', (response) => byPieces(bytes, 1, response))
    const { text, end } = await readAll(await ask(url))
    assert.deepEqual([text, end.complete], ['twice', true])
  })

  it('decode gzip members and zstd frames that follow one another', async () => {
    for (const name of ['gzip', 'zstd']) {
      const encode = CODINGS[name]?.encode ?? zlib.gzipSync
      const whole = Buffer.concat(EVENTS.map((event) => encode(event)))
      const together = await serveCoded(name, (response) => void response.end(whole))
      assert.equal((await readAll(await ask(together))).text, EVENTS.join(''), `${name} at once`)
      const apart = await serveCoded(name, (response) => byPieces(whole, 1, response))
      assert.equal((await readAll(await ask(apart))).text, EVENTS.join(''), `${name} byte by byte`)
    }
  })

  it('are none where the field names what is no coding', async () => {
    for (const coding of ['none', 'identity', 'UTF-8', 'identity, none', '']) {
      const url = await serveCoded(coding, (response) => void response.end('plain'))
      const response = await ask(url)
      const { text, end } = await readAll(response)
      assert.deepEqual([text, end.complete], ['plain', true], coding)
      assert.equal(response.wireSpan(0, 5), 10)
    }
  })

  it('refuse a coding that is unknown, and too many of them', async () => {
    for (const coding of ['compress', 'gzip, gzip, gzip, gzip, gzip']) {
      const url = await serveCoded(coding, (response) => void response.end('data'))
      const { end } = await readAll(await ask(url))
      assert.ok(!end.complete)
      assert.equal(end.failure.code, 'BAD_ENCODING')
    }
  })

  it('say that a body is not what its coding says', async () => {
    const url = await serveCoded('gzip', (response) => void response.end('plain text all along'))
    const { end } = await readAll(await ask(url))
    assert.ok(!end.complete)
    assert.equal(end.failure.code, 'BAD_ENCODING')
    assert.match(end.failure.message, /not the gzip/)
  })

  for (const [name, { encode }] of Object.entries(CODINGS))
    it(`end a ${name} bomb, whatever is made of its bytes, and keep what came before`, async () => {
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

  it('take no well compressed stream for a bomb', async () => {
    const line = `${JSON.stringify({ level: 'info', message: 'nothing to report' })}\n`
    const gzip = zlib.gzipSync(line.repeat(60_000))
    const url = await serveCoded('gzip', (response) => byPieces(gzip, 1000, response))
    const { text, end } = await readAll(await ask(url, { spec: { maxMessageSize: 1000 } }))
    assert.ok(end.complete)
    assert.equal(text.length, line.length * 60_000)
    assert.ok(text.length / gzip.length > 200)
  })

  it('hold the connection back while the reader pauses inside a bomb', async () => {
    const size = 64 * 1024 * 1024
    const bomb = zlib.gzipSync(Buffer.alloc(size))
    const url = await serveCoded('gzip', (response) => void response.end(bomb))
    const response = await ask(url)
    let seen = 0
    const end = response.read({
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
