import assert from 'node:assert/strict'
import { type Head, headShape, readHead } from '../../../src/decode/dialects/head.ts'
import { Unread } from '../../../src/decode/dialects/unread.ts'
import { messagesOf, RECORDINGS } from '../protocols/recordings.ts'

const NAMES = ['id', 'type', 'method', 'params', 'result', 'payload', 'channel']
const SHAPE = headShape(NAMES)

const membersOf = (head: Head) =>
  head.members.map((member) => (member instanceof Unread ? member.value : member))

/** Other bytes surround those of the message. */
function read(text: string, shape = SHAPE): Head | undefined {
  const { length } = Buffer.from(text)
  return readHead(Buffer.from(`"}${text}:1}`), 2, 2 + length, shape)
}

describe('the head of a JSON object', () => {
  it('has the members that a parser finds', () => {
    const texts = RECORDINGS.flatMap((name) => messagesOf(name.replace('.rtsession', ''))).map(
      ({ payload }) => Buffer.from(payload).toString(),
    )
    const own = [
      '{}',
      ' {\r\n\t"id" : 1 , "type":"\\u00e9ü\\"" } ',
      '{"id":-1.5e3,"type":null,"method":true,"id":2}',
      '{"x":{"id":1},"params":[{"a":"]}"},[]],"result":{"\\"":"{"},"payload":""}',
      '{"id":12345678901234567890,"type":0,"method":false}',
    ]
    let count = 0
    for (const text of [...texts, ...own]) {
      const head = read(text)
      if (head === undefined) continue
      count++
      const whole = JSON.parse(text)
      assert.deepEqual(
        membersOf(head),
        NAMES.map((name) => (Object.hasOwn(whole, name) ? whole[name] : undefined)),
        text,
      )
    }
    assert.ok(count > 200, `${count}`)
  })

  for (const text of [
    '',
    '{',
    '{"id"',
    '{"id":',
    '{"id":}',
    '{"id":1',
    '{"id":1,}',
    '{"id":1}x',
    '{"id":01}',
    '{"id":1 2}',
    '{"type":"\\x"}',
    '{"type":"a',
    '{"params":[',
    '{id:1}',
    '[1]',
    '"id"',
    // An escaped name may be one of those to read.
    '{"\\u0069d":1}',
  ])
    it(`is not read from ${JSON.stringify(text)}`, () => {
      assert.equal(read(text), undefined)
    })

  it('has text for content that is not JSON', () => {
    const head = read('{"id":1,"params":{a]}')
    assert.deepEqual(head && membersOf(head)[NAMES.indexOf('params')], '{a]')
  })

  it('tells strings and names apart that have the same hash', () => {
    // 31 × "A" + "a" is 31 × "B" + "B".
    const shape = headShape(['Aa', 'BB'])
    assert.deepEqual(read('{"BB":"Aa","Aa":"BB","C#":"Aa"}', shape)?.members, ['BB', 'Aa'])
  })

  it('finds names among many that share a slot', () => {
    const names = Array.from({ length: 200 }, (_, n) => `name ${n}`)
    const head = read('{"name 7":7,"name 190":190,"name 200":200}', headShape(names))
    assert.deepEqual([head?.members[7], head?.members[190]], [7, 190])
    assert.equal(head?.members.filter((member) => member !== undefined).length, 2)
  })
})
