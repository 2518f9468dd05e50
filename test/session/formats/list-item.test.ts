import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { ListItem } from '../../../src/session/formats/har/list-item.ts'
import { seededRandom } from '../../support/splits.ts'

const MEMBERS: readonly (readonly [name: string, json: string])[] = [
  ['time', '1.25'],
  ['type', '"receive"'],
  ['data', '"a\\"b"'],
  ['opcode', '2'],
  ['_wireSize', '7'],
  ['_dropped', '0'],
  ['eventName', '"tick"'],
  ['eventId', '"7"'],
  ['other', '{"time":[3]}'],
  ['timer', '9'],
]

/** What is read of an item; undefined if it is not of the usual form. */
function read(item: ListItem, json: string): unknown {
  const bytes = Buffer.from(json)
  if (item.read(bytes, 0, bytes.length) !== bytes.length) return undefined
  const { time, direction, opcode, wireSize, dropped } = item
  const texts = [item.data, item.eventName, item.eventId].map(({ from, to }) =>
    bytes.toString('utf8', from, to),
  )
  return { time, direction, opcode, wireSize, dropped, texts }
}

describe('an item of a list in a HAR', () => {
  it('is read whatever the order of its members and of those before it (seeded)', () => {
    const random = seededRandom(7)
    const reused = new ListItem()
    let usual = 0
    for (let round = 0; round < 500; round++) {
      const order = MEMBERS.map((member) => [random(), member] as const).sort(([a], [b]) => a - b)
      const some = order.map(([, member]) => member).slice(0, 3 + Math.floor(random() * MEMBERS.length))
      const space = round % 2 === 0 ? '' : ' '
      const json = `{${some.map(([name, value]) => `${space}"${name}"${space}:${space}${value}${space}`).join(',')}}`
      const fresh = read(new ListItem(), json)
      assert.deepEqual(read(reused, json), fresh, json)
      assert.equal(
        fresh !== undefined,
        some.some(([name]) => name === 'data'),
        json,
      )
      if (fresh !== undefined) usual++
      const { time, opcode = 1 } = JSON.parse(json)
      if (fresh !== undefined) assert.partialDeepStrictEqual(fresh, { time, opcode })
    }
    assert.ok(usual > 100)
  })

  it('does not end where its bytes do, at any byte', () => {
    const json = `{${MEMBERS.map(([name, value]) => `"${name}":${value}`).join(',')}}`
    const bytes = Buffer.from(json)
    const item = new ListItem()
    assert.equal(item.read(bytes, 0, bytes.length), bytes.length)
    for (let to = 0; to < bytes.length; to++) assert.ok(item.read(bytes, 0, to) < 0, json.slice(0, to))
  })
})
