import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { afterEach, describe, it } from 'mocha'
import { HttpAgent } from '../../../src/transport/http/agent.ts'
import { ask, Reading, readAll } from '../../support/exchange.ts'
import { closeServers } from '../../support/loopback.ts'
import { serveRaw } from '../../support/raw-server.ts'

const CHUNKED_HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'

/** A chunk as it is sent. */
function chunk(data: string, extension = ''): string {
  return `${data.length.toString(16)}${extension}\r\n${data}\r\n`
}

async function serve(script: (socket: Socket) => void): Promise<string> {
  return `http://${await serveRaw(script)}/`
}

/** Serves a head and the wire bytes in pieces of `size` bytes, one per turn of the event loop. */
function servePieces(wire: string, size: number, head = CHUNKED_HEAD): Promise<string> {
  return serve((socket) => {
    socket.setNoDelay(true)
    const bytes = Buffer.from(head + wire, 'latin1')
    const write = (at: number) => {
      if (at >= bytes.length) return
      socket.write(bytes.subarray(at, at + size), () => setImmediate(write, at + size))
    }
    write(0)
  })
}

/** The wire spans of consecutive records of a body, requested when the body is complete. */
async function spansOf(url: string, records: readonly string[]): Promise<(number | undefined)[]> {
  const response = await ask(url)
  const { text } = await readAll(response)
  assert.equal(text, records.join(''))
  let start = 0
  return records.map((record) => {
    const span = response.wireSpan(start, start + record.length)
    start += record.length
    return span
  })
}

describe('wire spans', () => {
  afterEach(closeServers)

  it('are the sizes of the records if the body has a length', async () => {
    const url = await serve((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef'))
    assert.deepEqual(await spansOf(url, ['abc', 'def']), [3, 3])
  })

  it('are the sizes of the records if the connection ends the body', async () => {
    const url = await serve((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nabcdef'))
    assert.deepEqual(await spansOf(url, ['a', 'bcdef']), [1, 5])
  })

  it('include the whole chunk of a record', async () => {
    const wire = [chunk('first'), chunk('x'.repeat(300))]
    const url = await servePieces(`${wire.join('')}0\r\n\r\n`, 1000)
    assert.deepEqual(
      await spansOf(url, ['first', 'x'.repeat(300)]),
      wire.map((part) => part.length),
    )
  })

  it('count a size line with the record of its first byte, and the closing CRLF with that of its last byte', async () => {
    const url = await servePieces(`${chunk('aabbb')}${chunk('cc')}0\r\n\r\n`, 1000)
    assert.deepEqual(await spansOf(url, ['aa', 'bb', 'bc', 'c']), [3 + 2, 2, 1 + 2 + 3 + 1, 1 + 2])
  })

  it('include chunk extensions and leading zeros, but not trailers and the last chunk', async () => {
    const wire = [chunk('one', ';name="a,b"'), `0003\r\ntwo\r\n`]
    const url = await servePieces(`${wire.join('')}0;last\r\nTrailer: here\r\n\r\n`, 1000)
    assert.deepEqual(
      await spansOf(url, ['one', 'two']),
      wire.map((part) => part.length),
    )
  })

  for (const size of [1, 2, 3, 5, 7]) {
    it(`stay the same if the bytes arrive ${size} at a time`, async () => {
      const url = await servePieces(
        `${chunk('aabbb', ';e')}${chunk('cc')}${chunk('d')}0\r\nT: t\r\n\r\n`,
        size,
      )
      assert.deepEqual(await spansOf(url, ['aa', 'bbbc', 'cd']), [5 + 2, 3 + 2 + 3 + 1, 1 + 2 + 3 + 1 + 2])
    })
  }

  it('are known while the body still flows, with the closing CRLF even before it arrives', async () => {
    let more: (() => void) | undefined
    const url = await serve((socket) => {
      socket.write(`${CHUNKED_HEAD}3\r\nabc`)
      more = () => socket.end('\r\n0\r\n\r\n')
    })
    const response = await ask(url)
    const reading = new Reading(response)
    await reading.until('abc')
    assert.equal(response.wireSpan(0, 3), 3 + 3 + 2)
    more?.()
    assert.equal((await reading.end).complete, true)
  })

  it('are unknown for a coded body, and beyond what has arrived', async () => {
    const coded = await serve((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc'),
    )
    assert.equal((await ask(coded)).wireSpan(0, 1), undefined)
    const plain = await serve((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc'))
    assert.equal((await ask(plain)).wireSpan(0, 4), undefined)
  })
})

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'
const EARLY_HINTS = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 7\r\n\r\n'
const PROCESSING = 'HTTP/1.1 102 Processing\r\nConnection: close\r\n\r\n'
const LENGTH_HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n'

describe('unrequested informational responses', () => {
  afterEach(closeServers)

  const rows: Readonly<Record<string, readonly string[]>> = {
    '100': [CONTINUE],
    '100 without a phrase, after a blank line': ['\r\nHTTP/1.1 100\r\n\r\n'],
    '100 with fields': ['HTTP/1.1 100 Continue\r\nX-A: b\r\n\r\n'],
    '103 twice': [EARLY_HINTS, EARLY_HINTS],
    '102, 103 and 100 twice': [PROCESSING, EARLY_HINTS, CONTINUE, CONTINUE],
    'ones that say the connection is over': [PROCESSING, CONTINUE.replace('1.1', '1.0')],
    '199': ['HTTP/1.1 199 Whatever\r\n\r\n'],
  }
  const bodies: Readonly<Record<string, readonly [wire: string, span: number]>> = {
    'a chunked body': [`${CHUNKED_HEAD}${chunk('abc')}0\r\n\r\n`, 8],
    'a body with its length': [`${LENGTH_HEAD}abc`, 3],
  }
  for (const [what, interim] of Object.entries(rows))
    for (const [body, [wire, span]] of Object.entries(bodies)) {
      it(`such as ${what} are skipped before ${body}`, async () => {
        const url = await serve((socket) => socket.end(interim.join('') + wire))
        assert.deepEqual(await spansOf(url, ['abc']), [span])
      })
    }

  for (const size of [1, 2, 5, 11]) {
    it(`are skipped if their bytes arrive ${size} at a time`, async () => {
      const url = await servePieces(chunk('abc'), size, CONTINUE + EARLY_HINTS + CONTINUE + CHUNKED_HEAD)
      const response = await ask(url)
      const reading = new Reading(response)
      await reading.until('abc')
      assert.deepEqual([response.status, response.httpVersion], [200, '1.1'])
      assert.equal(response.headers.link, undefined)
      assert.equal(response.wireSpan(0, 3), 8)
      response.abort()
    })
  }

  it('are skipped on a kept connection, for each method', async () => {
    const agent = new HttpAgent()
    let connections = 0
    const url = await serve((socket) => {
      connections++
      const answer = () =>
        socket.write(`${CONTINUE}${EARLY_HINTS}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n`)
      socket.on('data', answer)
      answer()
    })
    for (const method of ['GET', 'POST', 'PUT', 'GET']) {
      const body = method.startsWith('P') ? Buffer.from('x') : undefined
      const response = await ask(url, { agent, method, body })
      assert.equal(response.status, 200)
      await readAll(response)
    }
    assert.equal(connections, 1)
    agent.close()
  })

  it('are not a response if the connection ends after them', async () => {
    for (const cut of ['', 'HTTP/1.1 ', EARLY_HINTS.slice(0, 30)]) {
      const url = await serve((socket) => socket.end(CONTINUE + cut))
      await assert.rejects(ask(url), { code: 'CLOSED' })
    }
  })

  it('do not include a 101 without a protocol to switch to', async () => {
    const url = await serve((socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'))
    await assert.rejects(ask(url), { code: 'BAD_RESPONSE' })
  })

  it('do not extend the time limit of the response', async () => {
    const url = await serve((socket) => socket.write(CONTINUE))
    await assert.rejects(ask(url, { headTimeout: 100 }), { code: 'TIMEOUT' })
  })

  it('do not include a body that looks like one', async () => {
    const url = await serve((socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${CONTINUE}`))
    assert.equal((await readAll(await ask(url))).text, CONTINUE)
  })
})

describe('arrival times', () => {
  afterEach(closeServers)

  it('are those at which the bytes arrived, even if they were read later', async () => {
    let write: ((text: string) => void) | undefined
    const url = await serve((socket) => {
      socket.setNoDelay(true)
      write = (text) => socket.write(chunk(text))
      socket.write(CHUNKED_HEAD)
    })
    const response = await ask(url)
    const reading = new Reading(response)
    response.pause()
    for (const text of ['one', 'two', 'six']) {
      write?.(text)
      await new Promise((resolve) => setTimeout(resolve, 60))
    }
    response.resume()
    await reading.until('six')
    const [first = 0, second = 0, third = 0] = reading.pieces.map(({ time }) => time)
    assert.equal(reading.pieces.length, 3)
    assert.ok(second - first > 30 && third - second > 30, `${first} ${second} ${third}`)
    response.abort()
  })

  it('of request and head enclose the time that the server took', async () => {
    const url = await serve((socket) => {
      setTimeout(() => socket.end('HTTP/1.0 200 OK\r\n\r\n'), 80)
    })
    const response = await ask(url)
    assert.ok(response.headTime - response.requestTime > 60)
    assert.ok((response.timing?.firstByte ?? 0) > 60)
    assert.ok((response.timing?.tcp ?? 0) > 0)
    assert.equal(response.timing?.tls, undefined)
    assert.equal(response.httpVersion, '1.0')
    assert.equal(response.remoteAddress, '127.0.0.1')
  })
})
