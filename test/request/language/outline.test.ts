import assert from 'node:assert/strict'
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import { foldsOf } from '../../../src/request/language/folding.ts'
import { lensPlaces } from '../../../src/request/language/lens-places.ts'
import { outlineOf } from '../../../src/request/language/outline.ts'
import { textOf } from './at-cursor.ts'

const TEXT = `# The shop app.
# Environments: dev, production.
@room = dev

### Chat room
# @name chat
WEBSOCKET wss://{{host}}/chat

{ "event": "join",
  "args": ["{{room}}"] }
=== wait-for-server
# @message kick
{ "event": "kick" }
===
< ./bye.json

### Explain
POST https://localhost/

{}
SSE https://localhost/not-a-request
### 
GET https://localhost/next
`

describe('the outline', () => {
  for (const text of [TEXT, TEXT.replaceAll('\n', '\r\n')]) {
    const lines = text === TEXT ? 'LF' : 'CR LF'
    const file = parseRequestFile(text)

    it(`has the variables and requests, and the messages of each (${lines})`, () => {
      const items = outlineOf(file)
      assert.deepEqual(
        items.map(({ kind, name, detail }) => [kind, name, detail]),
        [
          ['variable', 'room', ''],
          ['request', 'Chat room', 'WEBSOCKET wss://{{host}}/chat'],
          ['request', 'Explain', 'POST https://localhost/'],
          ['request', 'https://localhost/next', 'GET'],
        ],
      )
      assert.deepEqual(
        items[1]?.children.map(({ name, detail }) => [name, detail]),
        [
          ['{ "event": "join",', ''],
          ['kick', '{ "event": "kick" }'],
          ['./bye.json', ''],
        ],
      )
      assert.deepEqual(
        items[1]?.children.map(({ selection }) => textOf(file, selection)),
        ['{ "event": "join",', 'kick', '< ./bye.json'],
      )
    })

    it(`selects inside what it names (${lines})`, () => {
      const check = (all: ReturnType<typeof outlineOf>) => {
        for (const { span, selection, children } of all) {
          assert.ok(span.start <= selection.start && selection.end <= span.end)
          check([...children])
        }
      }
      check(outlineOf(file))
    })

    it(`folds requests, long messages and comments (${lines})`, () => {
      const folds = foldsOf(file).map((fold) => {
        const words = textOf(file, fold).split(/\r?\n/)
        return [fold.kind, words[0], words.at(-1)]
      })
      assert.deepEqual(folds, [
        ['comment', '# The shop app.', '# Environments: dev, production.'],
        ['request', '### Chat room', '< ./bye.json'],
        ['message', '{ "event": "join",', '  "args": ["{{room}}"] }'],
        ['request', '### Explain', 'SSE https://localhost/not-a-request'],
        ['request', '### ', 'GET https://localhost/next'],
      ])
    })

    it(`has places for the lenses of a request and of its messages (${lines})`, () => {
      const [chat] = file.requests
      assert.ok(chat)
      const places = lensPlaces(text, chat)
      const lineOf = (offset: number) => text.slice(offset).split(/\r?\n/)[0]
      assert.equal(lineOf(places.request), '# @name chat')
      assert.deepEqual(
        places.messages.map(({ step, offset }) => [step, lineOf(offset)]),
        [
          [0, '{ "event": "join",'],
          [2, 'kick'],
          [3, '< ./bye.json'],
        ],
      )
    })
  }

  it('puts the lens of a request without a title above its first line', () => {
    const file = parseRequestFile('@a = 1\n\n# @name x\nWS ws://a')
    const [request] = file.requests
    assert.ok(request)
    assert.equal(lensPlaces(file.text, request).request, file.text.indexOf('# @name'))
  })

  it('is empty for an empty file', () => {
    assert.deepEqual(outlineOf(parseRequestFile('')), [])
    assert.deepEqual(foldsOf(parseRequestFile('')), [])
  })
})
