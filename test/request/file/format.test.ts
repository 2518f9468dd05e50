import assert from 'node:assert/strict'
import { applyEdits } from '../../../src/request/file/edits.ts'
import { formatRequestFile } from '../../../src/request/file/format.ts'
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import { assertLinear } from '../../support/linear.ts'
import { seededRandom } from '../../support/splits.ts'
import { FILES, randomFile } from './random-texts.ts'

function formatted(text: string): string {
  return applyEdits(text, formatRequestFile(text))
}

/** What a file says, without the places. Methods mean the same in any case. */
function said(text: string): unknown {
  const { requests, variables } = parseRequestFile(text)
  const said = JSON.stringify({ requests, variables }, (key, value) =>
    key === 'start' || key === 'end' || key === 'separator' || key === 'line' ? undefined : value,
  )
  return JSON.parse(said, (key, value) => (key === 'method' ? value.text.toUpperCase() : value))
}

describe('formatting a file of requests', () => {
  for (const [what, text, expected] of [
    ['nothing', '', ''],
    ['only blanks', ' \n\n\t\n', ''],
    ['a byte order mark', '\ufeff\n\nWS ws://h', '\ufeffWS ws://h\n'],
    ['a request line', '  ws   ws://h   HTTP/1.1 \n', 'WS ws://h   HTTP/1.1\n'],
    ['a line without a method', ' ws://h\n', 'ws://h\n'],
    ['lines of a URL', 'GET http://h\n?a=b\n\t&c=d\n', 'GET http://h\n  ?a=b\n  &c=d\n'],
    ['headers', 'GET http://h\nA:b\n  B :  c  \nC:\n     d\n', 'GET http://h\nA: b\nB: c\nC:\n  d\n'],
    ['separators', 'ws://a\n###  b\nws://c\n\n\n###\n', 'ws://a\n\n### b\nws://c\n\n###\n'],
    ['variables', '@a=b\n  @c  :=  d\n@e =\n', '@a = b\n@c := d\n@e =\n'],
    [
      'options',
      '#@name   a\n//  @option   timeout    5 s\n# @set  a=$.b  when   c\nws://h\n',
      '# @name a\n// @option timeout 5 s\n# @set a = $.b  when   c\nws://h\n',
    ],
    ['comments', '#a  \n  // b\t\n\n\n\n# c\n', '#a\n  // b\n\n# c\n'],
    [
      'messages',
      'ws://h\n\n\n\na  \n\n  b\n\n\n  ===   wait-for-server\t// c\n\n# @message  x\n\n{}\n\n===//d\ne\n\n??x\n',
      'ws://h\n\na  \n\n  b\n=== wait-for-server // c\n# @message x\n\n{}\n=== //d\ne\n\n?? x\n',
    ],
    ['a missing empty line', 'ws://h\n{}\n', 'ws://h\n\n{}\n'],
    ['scripts', 'ws://h\n\n> {%\n   a\n\n\n  %}\n\n\n\n?? x', 'ws://h\n\n> {%\n   a\n\n\n  %}\n\n?? x\n'],
    ['line ends', 'ws://h\r\n###b\r\nws://c', 'ws://h\r\n\r\n### b\r\nws://c\r\n'],
  ] as const)
    it(`makes ${what} look as usual`, () => {
      assert.equal(formatted(text), expected)
    })

  it('leaves files that are written as usual as they are', () => {
    const [, shop] = FILES.find(([name]) => name === 'shop.http') ?? []
    assert(shop !== undefined)
    assert.deepEqual(formatRequestFile(shop), [])
  })

  it('does not change what a file says, and has nothing more to do then', () => {
    const random = seededRandom(70)
    const texts = [
      ...FILES.map(([, text]) => text),
      ...Array.from({ length: 5000 }, () => randomFile(random)),
    ]
    for (const text of texts) {
      const once = formatted(text)
      assert.deepEqual(said(once), said(text), JSON.stringify(text))
      assert.deepEqual(formatRequestFile(once), [], JSON.stringify([text, once]))
      const comments = (of: string) => parseRequestFile(of).comments.length
      assert.equal(comments(once), comments(text), JSON.stringify(text))
    }
  })

  it('leaves a file that is too large as it is', () => {
    assert.deepEqual(formatRequestFile(`ws://h\n\n\n${'a\n'.repeat(200_000)}`), [])
  })

  it('takes time in proportion to the length', () => {
    for (const piece of ['', ' ', '#', '# @', '===', '{{', 'a:', 'a', '> {%', '\r', '@a=b'])
      assertLinear(
        JSON.stringify(piece),
        (size) => `WS ws://h\n${`${piece}\n`.repeat(size / (piece.length + 1))}`,
        formatRequestFile,
        32 * 1024,
      )
  })
})
