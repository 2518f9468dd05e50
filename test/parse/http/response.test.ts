import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { MAX_HEAD_SIZE } from '../../../src/parse/http/response.ts'
import { type ReadOptions, type ReadResponse, readResponse } from '../../support/responses.ts'
import { splits } from '../../support/splits.ts'

/** What the reader delivers for the bytes, the same in any split. */
function read(wire: string, options?: ReadOptions): ReadResponse {
  const bytes = new Uint8Array(Buffer.from(wire, 'latin1'))
  const whole = readResponse([bytes.slice()], options)
  for (const parts of splits(bytes))
    assert.deepEqual(readResponse(parts, options), whole, `split into ${parts.map(({ length }) => length)}`)
  return whole
}

const OK = 'HTTP/1.1 200 OK\r\n'

describe('ResponseReader', () => {
  it('reads a body with a length, in chunks, and up to the end of the connection', () => {
    const sized = read(`${OK}Content-Length: 3\r\n\r\nabc`)
    assert.deepEqual([sized.text, sized.state, sized.head?.persistent], ['abc', 'over', true])
    assert.deepEqual(sized.head?.framing, { kind: 'length', length: 3, codings: [] })
    const chunked = read(`${OK}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`)
    assert.deepEqual([chunked.text, chunked.state, chunked.trailers], ['abc', 'over', undefined])
    const closed = read(`${OK}\r\nabc`, { ends: true })
    assert.deepEqual([closed.text, closed.state, closed.head?.persistent], ['abc', 'over', false])
  })

  it('reads a head that equals the one before it as if it came first', () => {
    const headOf = (...[wire, options]: Parameters<typeof read>) => read(wire, options).head
    const fields = 'Content-Length: 0\r\nX-Number: 1\r\n\r\n'
    const first = headOf(OK + fields)
    const other = headOf(OK + fields.replace('1', '2'))
    assert.deepEqual(first?.headers, { 'content-length': '0', 'x-number': '1' })
    assert.deepEqual(other?.headers, { 'content-length': '0', 'x-number': '2' })
    for (const head of [first, other]) {
      const wire = OK + fields.replace('1', String(head?.headers['x-number']))
      assert.deepEqual(headOf(wire), head)
      const hint = 'HTTP/1.1 103 Early Hints\r\n\r\n'
      assert.deepEqual(headOf(hint + wire), { ...head, size: (head?.size ?? 0) + hint.length })
    }
    const sized = `${OK}Content-Length: 3\r\n\r\n`
    for (const [method, length] of [
      ['GET', 3],
      ['HEAD', 0],
      ['GET', 3],
    ] as const)
      assert.equal(headOf(sized, { method })?.framing.length, length, method)
  })

  it('does not read what follows the response', () => {
    assert.equal(readResponse([new Uint8Array(Buffer.from(`${OK}Content-Length: 1\r\n\r\nabc`))]).rest, 2)
  })

  for (const [what, method, status] of [
    ['an answer to HEAD', 'HEAD', 200],
    ['204', 'GET', 204],
    ['304', 'GET', 304],
    ['an accepted CONNECT', 'CONNECT', 200],
  ] as const)
    for (const fields of [
      '',
      'Content-Length: 99\r\n',
      'Transfer-Encoding: chunked\r\n',
      'Content-Length: 1\r\nTransfer-Encoding: chunked\r\n',
      'Content-Length: x\r\n',
    ])
      it(`ends ${what} with its head, with the fields ${JSON.stringify(fields)}`, () => {
        const { state, text, head, rest } = read(`HTTP/1.1 ${status} X\r\n${fields}\r\n`, { method })
        assert.deepEqual([state, text, head?.status, rest], ['over', '', status, 0])
      })

  it('reads the body of a refused CONNECT by its fields', () => {
    const { state, text } = read(`HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno`, { method: 'CONNECT' })
    assert.deepEqual([state, text], ['over', 'no'])
  })

  it('does not wait for the body of a 205 that does not announce one, and reads one that is announced', () => {
    assert.equal(read('HTTP/1.1 205 Reset\r\n\r\n').state, 'over')
    const chunks = 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
    assert.deepEqual([read(`HTTP/1.1 205 Reset\r\n${chunks}`).state], ['over'])
  })

  it('skips informational responses, whatever their fields say, and empty lines', () => {
    const hints = 'HTTP/1.1 103 Early\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n'
    const { head, text } = read(`\r\nHTTP/1.1 100\r\n\r\n\n${hints}${OK}X: y\r\nContent-Length: 2\r\n\r\nok`)
    assert.deepEqual([head?.status, head?.headers, text], [200, { x: 'y', 'content-length': '2' }, 'ok'])
  })

  it('reads header fields folded over several lines as one (RFC 9112 section 5.2)', () => {
    const { head } = read(`${OK}X: first  \r\n \t second\r\n\tthird\r\nY:\r\n y\r\nZ: z\r\n \r\n\r\n`)
    assert.deepEqual(head?.headers, { x: 'first second third', y: 'y', z: 'z' })
    assert.match(head?.oddities.join() ?? '', /folded/)
  })

  it('skips folded lines before the first field', () => {
    assert.deepEqual(read(`${OK} X: y\r\n\tmore\r\nZ: z\r\n\r\n`).head?.headers, { z: 'z' })
  })

  it('reads lines that end with a line feed alone', () => {
    const { head, text, state } = read('HTTP/1.1 200 OK\nX: y\nContent-Length: 2\n\nok')
    assert.deepEqual([head?.headers.x, text, state], ['y', 'ok', 'over'])
    assert.match(head?.oddities.join() ?? '', /line feed/)
  })

  it('reads a field with white space before its colon, and reports that as an oddity', () => {
    const { head } = read(`${OK}X \t: y\r\n\r\n`)
    assert.deepEqual(head?.headers, { x: 'y' })
    assert.match(head?.oddities.join() ?? '', /white space/)
    assert.deepEqual(read(`${OK}X: y : z\r\n\r\n`).head?.oddities, [])
  })

  it('keeps each byte outside ASCII in a value as a Latin-1 character', () => {
    const { head } = read(`${OK}A: \xc3\xa9\r\nB: caf\xe9\r\nC: \xa0x\xa0\r\n\r\n`)
    assert.deepEqual(head?.headers, { a: '\xc3\xa9', b: 'caf\xe9', c: '\xa0x\xa0' })
  })

  it('returns a list, in order, for a field that occurs more than once, whatever its name', () => {
    const { head } = read(`${OK}A: 1\r\na: 2\r\n__proto__: x\r\nconstructor: y\r\nA: 3\r\n\r\n`)
    assert.deepEqual(Object.entries(head?.headers ?? {}), [
      ['a', ['1', '2', '3']],
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ])
  })

  it('reads the status lines that servers send', () => {
    for (const [line, status, version] of [
      ['HTTP/1.1 200', 200, '1.1'],
      ['HTTP/1.1 200 ', 200, '1.1'],
      ['HTTP/1.1  404 Not  Found', 404, '1.1'],
      ['HTTP/1.0 200 \xc3\xa9', 200, '1.0'],
      ['HTTP/1.1 200 a\0b', 200, '1.1'],
      ['HTTP/2.0 200 OK', 200, '2.0'],
      ['ICY 200 OK', 200, '1.0'],
      ['HTTP/1.1 999 Unheard of', 999, '1.1'],
    ] as const) {
      const { head } = read(`${line}\r\n\r\n`)
      assert.deepEqual([head?.status, head?.version], [status, version], line)
    }
  })

  it('reports another protocol at once', () => {
    for (const wire of [
      'SSH-2.0-OpenSSH\r\n',
      'HTTQ',
      '\0',
      '\x15\x03\x03\0\x02',
      'HTTP/1.1 x\r\n\r\n',
      'HTTP/1.1 099 x\r\n\r\n',
    ])
      assert.equal(read(wire).state, 'HTTP_NOT_SPOKEN', JSON.stringify(wire))
    for (const wire of ['', '\r', '\r\n', 'H', 'HTTP/1.1', 'IC']) assert.equal(read(wire).state, 'open')
  })

  it('ignores lines that are not fields, as browsers do, and reports that as an oddity', () => {
    for (const line of ['no field', ': x', 'A B: x', 'no field\r\n folded: x']) {
      const { head, text, state } = read(`${OK}A: 1\r\n${line}\r\nContent-Length: 2\r\n\r\nok`)
      assert.deepEqual([state, text, head?.headers], ['over', 'ok', { a: '1', 'content-length': '2' }], line)
      assert.ok(head?.oddities.includes('a line that is not a header field was ignored'), line)
    }
    const chunked = `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nno field\r\nA: 1\r\n\r\n`
    assert.deepEqual([read(chunked).state, read(chunked).trailers], ['over', { a: '1' }])
  })

  it('removes chunks once, as browsers and curl do, if Transfer-Encoding names them twice', () => {
    for (const fields of [
      'Transfer-Encoding: Chunked\r\nTransfer-Encoding: chunked',
      'Transfer-Encoding: chunked, chunked',
    ]) {
      const { head, text, state } = read(`${OK}${fields}\r\n\r\n2\r\nok\r\n0\r\n\r\n`)
      assert.deepEqual([state, text, head?.framing.codings], ['over', 'ok', []], fields)
      assert.deepEqual(head?.oddities, ['its Transfer-Encoding names chunked more than once'])
    }
    const { head } = read(`${OK}Transfer-Encoding: gzip, chunked, chunked\r\n\r\n0\r\n\r\n`)
    assert.deepEqual(head?.framing.codings, ['gzip'])
  })

  it('rejects values that fields cannot have, and framing that contradicts itself', () => {
    for (const fields of [
      'X: a\0b',
      'X: a\rb',
      'Content-Length: -1',
      'Content-Length: 1.5',
      'Content-Length: 1000000000000000000',
    ])
      assert.equal(read(`${OK}${fields}\r\n\r\n`).state, 'HTTP_INVALID', fields)
    for (const fields of ['Content-Length: 3\r\nContent-Length: 4', 'Content-Length: 3, 4'])
      assert.equal(read(`${OK}${fields}\r\n\r\n`).state, 'HTTP_FRAMING', fields)
    for (const fields of [
      'Content-Length: 2\r\nContent-Length: 2',
      'Content-Length: 2, 2',
      'Transfer-Encoding: identity\r\nContent-Length: 02',
    ])
      assert.deepEqual(read(`${OK}${fields}\r\n\r\nok`).text, 'ok', fields)
  })

  it('reads chunks, as browsers do, if there is a Content-Length too, and does not reuse the connection', () => {
    for (const fields of [
      'Content-Length: 3\r\nTransfer-Encoding: chunked',
      'Transfer-Encoding: chunked\r\nContent-Length: 3, 4',
    ]) {
      const { head, text, state } = read(`${OK}${fields}\r\n\r\n5\r\nabcde\r\n0\r\n\r\n`)
      assert.deepEqual([text, state, head?.persistent], ['abcde', 'over', false])
      assert.deepEqual(head?.oddities, [
        'it has both Content-Length and Transfer-Encoding, which takes precedence',
      ])
    }
  })

  it('rejects a switch to another protocol', () => {
    assert.equal(read('HTTP/1.1 101 S\r\nUpgrade: x\r\n\r\n').state, 'HTTP_INVALID')
    assert.equal(read(`${OK}Upgrade: h2c\r\nConnection: Upgrade\r\nContent-Length: 0\r\n\r\n`).state, 'over')
  })

  it('reports transfer codings besides chunked, and reads a body without chunks to its end', () => {
    const { head } = read(`${OK}Transfer-Encoding: br, gzip\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n`)
    assert.deepEqual(head?.framing, { kind: 'chunked', length: undefined, codings: ['gzip', 'br'] })
    const { state } = read(`${OK}Transfer-Encoding: gzip\r\n\r\nabc`, { ends: true })
    assert.equal(state, 'over')
  })

  it('reports whether the connection can be reused', () => {
    for (const [head, lasts] of [
      ['HTTP/1.1 200 OK', true],
      ['HTTP/1.1 200 OK\r\nConnection: Close', false],
      ['HTTP/1.1 200 OK\r\nConnection: x, close', false],
      ['HTTP/1.0 200 OK', false],
      ['HTTP/1.0 200 OK\r\nConnection: keep-alive', true],
    ] as const)
      assert.equal(read(`${head}\r\nContent-Length: 0\r\n\r\n`).head?.persistent, lasts, head)
    const faulty = 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
    assert.deepEqual([read(faulty).state, read(faulty).head?.persistent], ['over', false])
  })

  it('reads trailers like fields', () => {
    const { trailers, state, text } = read(
      `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0;last\r\nX-Stream-Error: disk\r\n gone\r\nA: \xc3\xa9\r\n\r\n`,
    )
    assert.deepEqual([state, text, trailers], ['over', 'x', { 'x-stream-error': 'disk gone', a: '\xc3\xa9' }])
  })

  it('says where the response was cut off', () => {
    const ends = { ends: true }
    for (const wire of ['', 'HTTP/1.1', 'HTTP/1.1 100 C\r\n\r\n', `${OK}X: y`])
      assert.equal(read(wire, ends).state, 'HTTP_NO_HEAD')
    assert.equal(read(`${OK}Content-Length: 4\r\n\r\nabc`, ends).state, 'HTTP_CUT_LENGTH')
    for (const chunks of ['', '3', '3\r\nab', '3\r\nabc\r\n', '0\r\n', '0\r\nX: y\r\n']) {
      const { state } = read(`${OK}Transfer-Encoding: chunked\r\n\r\n${chunks}`, ends)
      assert.equal(state, 'HTTP_CUT_CHUNKS', JSON.stringify(chunks))
    }
  })

  it('limits heads and trailers', () => {
    const endless = [
      ['HTTP/1.1 200 ', 'x'],
      [`${OK}X: `, 'x'],
      [OK, 'a: b\r\n'],
      ['', '\r\n'],
      ['', 'HTTP/1.1 102 P\r\n\r\n'],
      [`${OK}Transfer-Encoding: chunked\r\n\r\n0\r\nX: `, 'x'],
      [`${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n`, 'a: b\r\n'],
    ] as const
    for (const [start, more] of endless)
      for (const size of [more.length, 4096, MAX_HEAD_SIZE + 4096]) {
        const parts = [
          start,
          ...Array<string>(Math.ceil((MAX_HEAD_SIZE + 1) / size)).fill(
            more.repeat(Math.ceil(size / more.length)),
          ),
        ]
        const { state } = readResponse(parts.map((part) => new Uint8Array(Buffer.from(part))))
        assert.equal(state, 'HTTP_OVERLONG', JSON.stringify([start, more, size]))
      }
  })
})
