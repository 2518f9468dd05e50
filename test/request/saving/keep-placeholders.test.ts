import assert from 'node:assert/strict'
import { keepPlaceholders } from '../../../src/request/saving/keep-placeholders.ts'
import { seededRandom } from '../../support/splits.ts'

const WRITTEN = 'wss://{{host}}/chat?room={{room}}&v=1'
const FILLED = 'wss://localhost:3000/chat?room=dev&v=1'

const edit = (edited: string, written = WRITTEN, filled = FILLED) =>
  keepPlaceholders({ written, filled, edited }, (text) => text.replaceAll('{{', '{{$braces}}'))

describe('an edited text keeps the placeholders', () => {
  for (const [what, edited, wanted] of [
    ['if nothing was edited', FILLED, WRITTEN],
    [
      'before and after what was inserted',
      'wss://localhost:3000/chats?room=dev&v=1',
      'wss://{{host}}/chats?room={{room}}&v=1',
    ],
    ['before what was added at the end', `${FILLED}&x=2`, `${WRITTEN}&x=2`],
    [
      'but not that of a value that was edited',
      'wss://localhost:3000/chat?room=prod&v=1',
      'wss://{{host}}/chat?room=prod&v=1',
    ],
    [
      'behind another host',
      'wss://example.com/chat?room=dev&v=1',
      'wss://example.com/chat?room={{room}}&v=1',
    ],
    ['if a part was removed', 'wss://localhost:3000/chat?room=dev', 'wss://{{host}}/chat?room={{room}}'],
    ['if all was replaced', 'ws://h/', 'ws://h/'],
    ['and escapes other braces', `${FILLED}{{x}}`, `${WRITTEN}{{$braces}}x}}`],
  ] as const)
    it(what, () => assert.equal(edit(edited), wanted))

  it('unless the values cannot be distinguished', () => {
    assert.equal(edit('xy', '{{a}}{{b}}', 'xx'), undefined)
    assert.equal(edit('xy', '{{a}}/', 'no slash'), undefined)
  })

  it('and reads as what was edited, wherever that was', () => {
    const random = seededRandom(11)
    const values: Readonly<Record<string, string>> = { host: 'localhost:3000', room: 'dev' }
    const fill = (text: string) => text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '')
    for (let n = 0; n < 2000; n++) {
      const from = Math.floor(random() * (FILLED.length + 1))
      const to = from + Math.floor(random() * (FILLED.length - from + 1))
      const inserted = ['', 'x', 'dev', 'room=dev', '&&', ':3000'][Math.floor(random() * 6)] ?? ''
      const edited = FILLED.slice(0, from) + inserted + FILLED.slice(to)
      assert.equal(fill(edit(edited) ?? assert.fail(edited)), edited)
    }
  })
})
