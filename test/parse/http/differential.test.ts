/** Compares the reader of responses with undici's parser (llhttp): it must read what that accepts in the same way. */
import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'mocha'
import { Client } from 'undici'
import { closeServers } from '../../support/loopback.ts'
import { serveRaw } from '../../support/raw-server.ts'
import { readResponse } from '../../support/responses.ts'
import { randomSplit, seededRandom } from '../../support/splits.ts'

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

/** What undici reads of a response at the end of the connection; undefined if it rejects it. */
async function oracle(url: string, method: string): Promise<Answer | undefined> {
  const client = new Client(url)
  try {
    const { statusCode, headers, body } = await client.request({ path: '/', method: method as 'GET' })
    const text = Buffer.from(await body.arrayBuffer()).toString('latin1')
    // It keeps white space after a value, which RFC 9112 section 5.1 excludes.
    const trim = (value: string) => value.replace(/[ \t]+$/, '')
    const trimmed = Object.entries(headers).map(([name, value = '']) => [
      name,
      typeof value === 'string' ? trim(value) : value.map(trim),
    ])
    return { status: statusCode, headers: Object.fromEntries(trimmed), text }
  } catch {
    return undefined
  } finally {
    await client.destroy()
  }
}

const random = seededRandom(18)
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
const some = (most: number) => Math.floor(random() * (most + 1))
const text = (size: number) => Array.from({ length: size }, () => pick([...'ab\r\n0:;\xe9 '])).join('')

function randomChunks(): string {
  const chunks = Array.from({ length: some(4) }, () => {
    const data = text(1 + some(20))
    return `${pick(['', '0', '00'])}${data.length.toString(16)}${pick(['', '', ';a', ';a=b', ';a="b;c"'])}\r\n${data}\r\n`
  })
  return `${chunks.join('')}0${pick(['', ';last'])}\r\n${pick(['', '', 'X-T: 1\r\n', 'X-T: 1\r\nY: \r\n'])}\r\n`
}

/** A random response, in most cases a valid one. */
function randomResponse(): string {
  const body = text(some(40))
  const [framing, content] = pick([
    [`Content-Length: ${body.length}\r\n`, body],
    [`content-length:${body.length} \r\n`, body],
    ['Transfer-Encoding: chunked\r\n', randomChunks()],
    ['transfer-encoding: Chunked\r\n', randomChunks()],
    ['', body],
  ] as const)
  const fields = Array.from({ length: some(4) }, () =>
    pick([
      'A: b\r\n',
      'a:c\r\n',
      'X-Long:   a  b \t\r\n',
      'Empty:\r\n',
      'B: \xe9\xa0\r\n',
      'Set-Cookie: a=b\r\n',
      'Upgrade: h2c\r\n',
      'Connection: close\r\n',
      'Connection: keep-alive\r\n',
    ]),
  )
  const status = pick([200, 200, 200, 201, 206, 302, 304, 204, 404, 500])
  return `HTTP/1.${pick([1, 1, 1, 0])} ${status}${pick([' OK', ' ', ' \xe9', ' Not a Word'])}\r\n${fields.join('')}${framing}\r\n${content}`
}

function mutated(response: string): string {
  if (random() < 0.5) return response
  const at = some(response.length)
  const more = pick(['', '\r', '\n', ' ', '\0', ':', '0', 'x', '\r\n'])
  return response.slice(0, at) + more + response.slice(at + some(2))
}

describe('ResponseReader compared with undici', () => {
  afterEach(closeServers)

  it('reads what undici reads, the same in any split', async () => {
    let accepted = 0
    let answer = new Uint8Array()
    const url = `http://${await serveRaw((socket) => socket.end(answer))}/`
    for (let round = 0; round < 800; round++) {
      const wire = mutated(randomResponse())
      const bytes = Uint8Array.from(wire, (character) => character.charCodeAt(0))
      const method = pick(['GET', 'GET', 'GET', 'HEAD', 'POST'])
      const options = { method, ends: true }
      const whole = readResponse([bytes.slice()], options)
      for (let split = 0; split < 4; split++)
        assert.deepEqual(readResponse(randomSplit(bytes, 2 + some(8), random), options).text, whole.text)
      answer = bytes
      const expected = await oracle(url, method)
      // It accepts a lone CR as the end of the status line, which RFC 9112 section 2.2 does not allow.
      if (expected === undefined || /^[^\n]*\r[^\n]/.test(wire)) continue
      accepted++
      const seen = { status: whole.head?.status, headers: whole.head?.headers, text: whole.text }
      assert.deepEqual(
        seen,
        { ...expected, headers: { ...expected.headers } },
        JSON.stringify([method, wire]),
      )
      assert.equal(whole.state, 'over', JSON.stringify([method, wire]))
    }
    assert.ok(accepted > 300, `${accepted} were accepted`)
  })
})
