import assert from 'node:assert/strict'
import { marked } from '../../../../webview/state/preview/marks.ts'
import { NO_NEEDLES, needlesOf } from '../../../../webview/state/preview/needles.ts'
import { namingField, piecesOf } from '../../../../webview/state/preview/pieces.ts'
import { processorTime } from '../../../support/linear.ts'

const line = (text: string, name = '') =>
  piecesOf(text, name)
    .map((piece) => piece.text)
    .join('')
const seen = (text: string, filter: string, room = 100, name = '') =>
  marked(piecesOf(text, name), needlesOf(filter), room)
    .map((piece) => (piece.isMarked ? `[${piece.text}]` : piece.text))
    .join('')

describe('the preview of a payload', () => {
  it('is JSON without the braces around it and the quotes around keys', () => {
    assert.equal(
      line('{"symbol":"ACME","price":102.5,"odd key":[1,{"a":null}]}'),
      'symbol: "ACME", price: 102.5, "odd key": [1, {a: null}]',
    )
    assert.deepEqual(
      piecesOf('{"a":1}', '').map(({ role }) => role),
      ['key', 'text'],
    )
    assert.equal(line('[20,22]'), '[20,22]')
    assert.equal(line('plain text, {not} JSON'), 'plain text, {not} JSON')
    assert.equal(line('{}'), '')
  })

  it('leaves out the key that the type shows, wherever it is', () => {
    assert.equal(line('{"type":"trade","price":1}', 'trade'), 'price: 1')
    assert.equal(line('{"price":1,"type":"trade"}', 'trade'), 'price: 1')
    assert.equal(line('{"price":1,"type":"trade","x":2}', 'trade'), 'price: 1, x: 2')
    assert.equal(line('{"type":"trade"}', 'trade'), '')
    assert.equal(
      line('{"user":"trade","in":{"type":"trade"}}', 'trade'),
      'user: "trade", in: {type: "trade"}',
    )
    assert.equal(namingField('{"kind":"a","op":"a","b":1}', 'a'), 'op')
    assert.equal(namingField('{"op":"b"}', 'a'), undefined)
  })

  it('says that it is cut, also within a string and an escape', () => {
    assert.equal(line('{"a":1,"b":…'), 'a: 1, b: …')
    assert.equal(line('{"a":"some te…'), 'a: "some te…')
    assert.equal(line('{"a":1,…'), 'a: 1, …')
  })

  it('reads line breaks between tokens as space', () => {
    assert.equal(line('{␊  "a": 1,␊  "b": "x␊y"␊}'), 'a: 1, b: "x␊y"')
  })

  it('reads hostile text in linear time', () => {
    const taken = processorTime(() => {
      for (const text of [`{"${'\\'.repeat(50_000)}`, '{'.repeat(50_000), `{"a":${'"x'.repeat(50_000)}`])
        piecesOf(text, 'x')
    })
    assert.ok(taken < 2000, `${taken} ms`)
  })
})

describe('what a filter finds', () => {
  it('is marked, in any case, for each of its terms but not for what it excludes', () => {
    assert.equal(
      seen('{"a":"ACME crossed","b":"acme"}', 'acme not crossed'),
      'a: "[ACME] crossed", b: "[acme]"',
    )
    assert.equal(seen('{"a":"one two"}', 'one or two'), 'a: "[one] [two]"')
    assert.equal(seen('{"id":7,"n":72}', '/"?7\\d/'), 'id: 7, n: [72]')
  })

  it('is marked as the value that a path compares', () => {
    assert.equal(seen('{"price":102.5,"x":{"price":3}}', '$.price > 100'), 'price: [102.5], x: {price: [3]}')
  })

  it('is in the middle if it would not be in view', () => {
    const text = `{"text":"${'x'.repeat(100)} ACME ${'y'.repeat(100)}"}`
    const shown = seen(text, 'ACME', 40)
    assert.match(shown, /^…x+ \[ACME\] y+/)
    const at = shown.indexOf('[ACME]')
    assert.ok(at >= 16 && at <= 20, shown)
    assert.equal(seen('{"a":"ACME"}', 'ACME', 40), 'a: "[ACME]"')
  })

  it('is nothing for a filter with a mistake, or an expression that could take long', () => {
    assert.deepEqual(needlesOf('('), NO_NEEDLES)
    assert.deepEqual(needlesOf('/(a+)+$/'), NO_NEEDLES)
    assert.deepEqual(needlesOf('not x type:ping'), NO_NEEDLES)
    assert.deepEqual(needlesOf('$.quote["last price"][0] == 1').fields, ['last price'])
  })
})
