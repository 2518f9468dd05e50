import assert from 'node:assert/strict'
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import { shownText } from '../../../src/request/language/shown-text.ts'
import { VariableScope } from '../../../src/request/variables/scope.ts'

describe('a text that is shown with its variables', () => {
  const text = '@host = shop.example\n@api = {{host}}/v1\n@token = hush\n@mine = a{{$secret T}}b\nWS ws://a'
  const scope = new VariableScope({ file: '/a.http', parsed: parseRequestFile(text) })

  for (const [written, shown] of [
    ['wss://{{api}}/{{ host }}', 'wss://shop.example/v1/shop.example'],
    ['{{token}}', '•••'],
    ['{{mine}}', '•••'],
    ['{{$secret T}} {{$password Which?}}', '••• •••'],
    ['{{nothing}} {{$uuid}} {{a + 1}}', '{{nothing}} {{$uuid}} {{a + 1}}'],
    ['', ''],
  ] as const)
    it(`is ${JSON.stringify(shown)} for ${JSON.stringify(written)}`, () => {
      assert.equal(shownText(written, scope, '•••'), shown)
    })
})
