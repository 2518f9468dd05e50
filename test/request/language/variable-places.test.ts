import assert from 'node:assert/strict'
import { hoverPlaceAt } from '../../../src/request/language/hover-places.ts'
import { definitionFor, variableAt, variablePlaces } from '../../../src/request/language/variable-places.ts'
import { atCursor, textOf } from './at-cursor.ts'

const TEXT = `# {{not}} a use
@host = {{name}}.example
@name = shop
### A
# @set token = $.token
WS wss://{{ host }}/{{$uuid}}
Authorization: Bearer {{token}}

{{host}}
### B
@host = other
WS wss://{{host}}`

describe('the places of variables', () => {
  it('are where they are defined, set and used', () => {
    const { file } = atCursor(TEXT)
    const places = variablePlaces(file)
    assert.deepEqual(
      places.map(({ kind, name }) => `${kind} ${name}`),
      [
        'definition host',
        'use name',
        'definition name',
        'answer token',
        'use host',
        'use token',
        'use host',
        'definition host',
        'use host',
      ],
    )
    for (const place of places) assert.equal(textOf(file, place), place.name)
  })

  it('are found at the cursor, at both ends of a name', () => {
    assert.equal(variableAt(...args('WS ws://{{|ab}}'))?.name, 'ab')
    assert.equal(variableAt(...args('WS ws://{{ab|}}'))?.name, 'ab')
    assert.equal(variableAt(...args('WS ws://|{{ab}}')), undefined)
    assert.equal(variableAt(...args('@a|b = 1'))?.kind, 'definition')
  })

  it('lead to the definition that holds for the request', () => {
    const { file } = atCursor(TEXT)
    const definitions = [...TEXT.matchAll(/@host/g)].map(({ index }) => index + 1)
    const uses = [...TEXT.matchAll(/\{\{ ?host/g)].map(({ index }) => index)
    assert.equal(definitionFor(file, 'host', uses[0] ?? 0)?.start, definitions[0])
    assert.equal(definitionFor(file, 'host', uses[2] ?? 0)?.start, definitions[1])
    assert.equal(definitionFor(file, 'token', uses[0] ?? 0)?.kind, 'answer')
    assert.equal(definitionFor(file, 'nothing', 0), undefined)
  })
})

describe('what the pointer is on', () => {
  for (const [marked, expected] of [
    ['WS wss://{{ho|st}}/', 'variable: {{host}}'],
    ['@ho|st = a', 'variable: host'],
    ['# @set to|ken = $.token\nWS ws://a', 'variable: token'],
    ['WS wss://{{$secret TO|KEN}}/', 'built-in: {{$secret TOKEN}}'],
    ['WEBSO|CKET wss://a', 'method: WEBSOCKET'],
    ['WEBSOCKET wss://a|b', 'url: wss://ab'],
    ['# @option time|out 1\nWS ws://a', 'option: timeout'],
    ['# @time|out 1\nWS ws://a', 'option: timeout'],
    ['WS ws://a\nauthor|ization: x', 'header: authorization'],
    ['WS ws://a\n\nhello\n?? stat|us == 101', 'expectation: status == 101'],
    ['WS ws://a\nX-Mi|ne: x', undefined],
    ['# just a com|ment', undefined],
  ] as const)
    it(`is known in ${JSON.stringify(marked)}`, () => {
      const { file, offset } = atCursor(marked)
      const place = hoverPlaceAt(file, offset)
      assert.equal(place && `${place.kind}: ${textOf(file, place.span)}`, expected)
    })
})

function args(marked: string) {
  const { file, offset } = atCursor(marked)
  return [file, offset] as const
}
