import assert from 'node:assert/strict'
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import { placeAt } from '../../../src/request/language/place.ts'
import { atCursor, textOf } from './at-cursor.ts'

/** The kind of place at the cursor, and the text that a completion would replace. */
function at(marked: string): string | undefined {
  const { file, offset } = atCursor(marked)
  const place = placeAt(file, offset)
  return place && `${place.kind}: ${JSON.stringify(textOf(file, place.span))}`
}

describe('the place of the cursor', () => {
  for (const [marked, expected] of [
    ['|', 'method: ""'],
    ['WEB|', 'method: "WEB"'],
    ['### A\n|', 'method: ""'],
    ['  ### A\n\nWS|S ws://a', 'method: "WSS"'],
    ['# comment\n@a = 1\nG|', 'method: "G"'],
    ['GET http://a/|', undefined],
    ['GET http://{{ho|st}}/', 'placeholder: "host"'],
    ['GET http://{{|', 'placeholder: ""'],
    ['GET http://{{ho|/x', 'placeholder: "ho"'],
    ['GET http://{{a}}|', undefined],
    ['@a = {{b|}}', 'placeholder: "b"'],
    ['# a comment with {{a|}}', undefined],
    ['# @option timeout {{a|}}', 'placeholder: "a"'],
    ['# @|', 'option-name: ""'],
    ['# @opt|ion timeout 1', 'option-name: "option"'],
    ['# @option |', 'option-name: ""'],
    ['# @option time|out 1', 'option-name: "timeout"'],
    ['// @timeout |', 'option-value: ""'],
    ['# @option protocol soc|', 'option-value: "soc"'],
    ['# @option protocol = soc|', 'option-value: "soc"'],
    ['# comment|', undefined],
    ['GET http://a\nAcc|', 'header-name: "Acc"'],
    ['GET http://a\nContent-Ty|pe: a', 'header-name: "Content-Type"'],
    ['GET http://a\nAccept: te|xt', 'header-value: "text"'],
    ['GET http://a\nAccept: a/b, te|xt, c/d', 'header-value: "text"'],
    ['GET http://a\n  ?a=|', undefined],
    ['GET http://a\nA: b\n\n|', 'content: ""'],
    ['WS ws://a\n\nhello\n=|', 'content: "="'],
    ['WS ws://a\n\nhel|lo', undefined],
    ['WS ws://a\n\n?|', 'content: "?"'],
    ['WS ws://a\n\nhello\n??|', 'expectation: ""'],
    ['WS ws://a\n?? sta|tus', 'expectation: "status"'],
    ['WS ws://a\n\n?|? x', undefined],
    ['# @expect sta|tus == 101', 'expectation: "status == 101"'],
    ['# @exp|ect', 'option-name: "expect"'],
    ['WS ws://a\n\n< ./a|.json', 'path: "./a.json"'],
    ['WS ws://a\n\n<@ |', 'path: ""'],
    ['WS ws://a\n\n{"a": "{{|"}', 'placeholder: ""'],
    ['WS ws://a\n\n# @mes|', 'option-name: "mes"'],
    ['### A|', undefined],
    ['< {%\n client.log(1)\n%}\nG|', 'method: "G"'],
    ['WS ws://a\n\nhello\n### B\n|', 'method: ""'],
  ] as const)
    it(`is known in ${JSON.stringify(marked)}`, () => {
      assert.equal(at(marked), expected)
      assert.equal(at(marked.replaceAll('\n', '\r\n')), expected, 'with CR LF')
    })

  it('never fails, wherever the cursor is', () => {
    const text =
      '### A\n# @option protocol x\n@a = {{b}}\nWS ws://{{a}}\nAccept: {{\n\n{{}}\n=== \n< a\r\n}}{{'
    const file = parseRequestFile(text)
    for (let offset = 0; offset <= text.length; offset++) {
      if (text[offset - 1] === '\r') continue
      const place = placeAt(file, offset)
      if (place !== undefined) assert.ok(place.span.start <= offset && offset <= place.span.end, `${offset}`)
    }
  })
})
