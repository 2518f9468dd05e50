import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { readBody } from '../../../src/transport/http/exchange.ts'
import { ask, Reading, readAll } from '../../support/exchange.ts'
import { closeServers } from '../../support/loopback.ts'
import { randomPayload } from '../../support/random-events.ts'
import { serveRaw } from '../../support/raw-server.ts'
import { randomSplit, seededRandom } from '../../support/splits.ts'

const HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n'

interface Flood {
  readonly body: Buffer
  /** The body in chunks, without the last chunk. */
  readonly wire: Buffer
  readonly chunks: number
}

function randomFlood(seed: number, size: number, extensions: number): Flood {
  const random = seededRandom(seed)
  const body: Uint8Array[] = []
  const wire: Uint8Array[] = []
  for (let length = 0; length < size; ) {
    const bytes = randomPayload(random, 2000)
    if (bytes.length === 0) continue
    const extension = random() < extensions ? ';name="value"' : ''
    const digits = random() < 0.1 ? '000' : ''
    body.push(bytes)
    wire.push(
      Buffer.from(`${digits}${bytes.length.toString(16)}${extension}\r\n`),
      bytes,
      Buffer.from('\r\n'),
    )
    length += bytes.length
  }
  return { body: Buffer.concat(body), wire: Buffer.concat(wire), chunks: body.length }
}

async function serve(pieces: readonly Uint8Array[], end: (socket: Socket) => void = () => {}, head = HEAD) {
  const host = await serveRaw((socket) => {
    socket.write(`${head}\r\n`)
    const next = (index: number) => {
      const piece = pieces[index]
      if (piece === undefined) end(socket)
      else socket.write(piece, () => setImmediate(next, index + 1))
    }
    next(0)
  })
  return `http://${host}/`
}

const LAST = Buffer.from('0\r\nTrailer: x\r\n\r\n')

describe('a flood of chunks', () => {
  afterEach(closeServers)

  for (const extensions of [0, 0.0005])
    it(`is the same body in any split${extensions > 0 ? ', with extensions' : ''}, with wire sizes that add up`, async () => {
      for (let seed = 1; seed <= 8; seed++) {
        const { body, wire, chunks } = randomFlood(seed, 1_500_000, extensions)
        const random = seededRandom(seed)
        const pieces = randomSplit(Buffer.concat([wire, LAST]), 5 + Math.floor(random() * 60), random)
        const response = await ask(await serve(pieces))
        const parts: Uint8Array[] = []
        let length = 0
        let span = 0
        const end = await readBody(response, {
          data(bytes) {
            parts.push(new Uint8Array(bytes))
            span += response.wireSpan(length, length + bytes.length) ?? Number.NaN
            length += bytes.length
          },
        })
        assert.equal(end.complete, true, `seed ${seed}`)
        assert.ok(Buffer.concat(parts).equals(body), `seed ${seed}`)
        assert.equal(span, wire.length, `seed ${seed}`)
        // The parser delivers each chunk separately.
        if (extensions === 0) assert.ok(parts.length < chunks / 2, `${parts.length} of ${chunks}`)
      }
    })

  it('may be slow: each chunk arrives after the one before was delivered', async () => {
    const chunk = Buffer.alloc(10_000, 'abc')
    const piece = Buffer.concat([Buffer.from('2710\r\n'), chunk, Buffer.from('\r\n')])
    let socket: Socket | undefined
    const host = await serveRaw((accepted) => {
      socket = accepted
      socket.write(`${HEAD}\r\n`)
      socket.write(piece)
    })
    const response = await ask(`http://${host}/`)
    let length = 0
    const end = await readBody(response, {
      data(bytes) {
        length += bytes.length
        if (length % chunk.length === 0) setImmediate(() => socket?.write(length < 600_000 ? piece : LAST))
      },
    })
    assert.equal(end.complete, true)
    assert.equal(length, 600_000)
  })

  it('stops while paused, and loses nothing', async () => {
    const { body, wire } = randomFlood(9, 3_000_000, 0)
    const response = await ask(await serve(randomSplit(Buffer.concat([wire, LAST]), 40, seededRandom(9))))
    const parts: Uint8Array[] = []
    let pauses = 0
    let paused = false
    const end = await readBody(response, {
      data(bytes) {
        assert.equal(paused, false)
        parts.push(new Uint8Array(bytes))
        if (parts.length % 3 !== 0) return
        paused = true
        pauses++
        response.pause()
        setTimeout(() => {
          paused = false
          response.resume()
        }, 2)
      },
    })
    assert.equal(end.complete, true)
    assert.ok(Buffer.concat(parts).equals(body))
    assert.ok(pauses > 3, `${pauses}`)
  })

  it('is inflated if it is compressed', async () => {
    const { body } = randomFlood(10, 3_000_000, 0)
    const zipped = gzipSync(body, { level: 1 })
    const chunks: Uint8Array[] = []
    for (let at = 0; at < zipped.length; at += 700) {
      const part = zipped.subarray(at, at + 700)
      chunks.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'))
    }
    const pieces = randomSplit(Buffer.concat([...chunks, LAST]), 30, seededRandom(10))
    const response = await ask(await serve(pieces, () => {}, `${HEAD}Content-Encoding: gzip\r\n`))
    const reading = new Reading(response)
    await reading.end
    assert.ok(Buffer.from(reading.text, 'latin1').equals(body))
  })

  for (const [title, rest] of [
    ['a size that is not a number', 'xyz\r\n'],
    ['data without its closing line', '3\r\nabcdef'],
    ['a size line without end', '1;'.padEnd(100_000, 'x')],
  ] as const)
    it(`fails at ${title}, with what came before delivered`, async () => {
      const { body, wire } = randomFlood(11, 700_000, 0)
      const pieces = randomSplit(Buffer.concat([wire, Buffer.from(rest)]), 20, seededRandom(11))
      const { text, end } = await readAll(await ask(await serve(pieces)))
      assert.equal(end.complete, false)
      assert.ok(Buffer.from(text, 'latin1').subarray(0, body.length).equals(body))
    })

  it('reports a connection that breaks in it', async () => {
    const { wire } = randomFlood(12, 700_000, 0)
    const { end } = await readAll(await ask(await serve([wire], (socket) => socket.destroy())))
    assert.equal(end.complete, false)
  })
})
