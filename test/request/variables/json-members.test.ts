import assert from 'node:assert/strict'
import { blankComments, membersOf } from '../../../src/request/variables/json-members.ts'
import { assertLinear } from '../../support/linear.ts'
import { seededRandom } from '../../support/splits.ts'

// Node.js 24 confuses names that are only a quote or only a backslash.
const KEYS = ['a', 'b c', 'q"q', 'b\\b', '//', '/*', '{', ']', 'é\n']

function randomValue(random: () => number, depth: number): unknown {
  const kind = Math.floor(random() * (depth > 0 ? 7 : 5))
  const pick = () => KEYS[Math.floor(random() * KEYS.length)] ?? ''
  const several = <T>(make: () => T): T[] => Array.from({ length: Math.floor(random() * 4) }, make)
  if (kind === 0) return null
  if (kind === 1) return random() < 0.5
  if (kind === 2) return Math.round(random() * 1e6) / 1000
  if (kind < 5) return several(pick).join('')
  if (kind === 5) return several(() => randomValue(random, depth - 1))
  return Object.fromEntries(several(() => [pick(), randomValue(random, depth - 1)]))
}

/** Every value inside a value, by its path. */
function inside(value: unknown, path: readonly string[] = []): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) => [
    ...inside(each, [...path, name]),
    [JSON.stringify([...path, name]), each] as [string, unknown],
  ])
}

describe('the members of JSON', () => {
  it('are those that a parser finds, at their places', () => {
    const random = seededRandom(7)
    for (let round = 0; round < 500; round++) {
      const value = { top: randomValue(random, 5), last: 1 }
      const json = JSON.stringify(value, null, round % 3)
      const members = membersOf(json, 10)
      const found = members.map(({ path, start, end }) => [
        JSON.stringify(path),
        JSON.parse(json.slice(start, end)),
      ])
      assert.deepEqual(found, inside(value), json)
      for (const { path, offset, start } of members) {
        const name = path.at(-1) ?? ''
        const isNamed = json.startsWith(JSON.stringify(name), offset)
        assert.ok(isNamed || (offset === start && /^\d+$/.test(name)), json.slice(offset))
      }
    }
  })

  it('are the same with comments between them', () => {
    const random = seededRandom(8)
    const comments = ['// "a": {\n', '/* ] */', '/**/', '//\r\n', ' ', '\n', '/* // */', '// /* "\n']
    for (let round = 0; round < 500; round++) {
      const value = randomValue(random, 4)
      // White space is only between tokens: strings have none but in escapes.
      const json = JSON.stringify({ value }, null, 1)
      const text = json.replaceAll(/\n */g, () => comments[Math.floor(random() * comments.length)] ?? '')
      const blank = blankComments(text)
      assert.equal(blank.length, text.length)
      assert.deepEqual(JSON.parse(blank), { value }, text)
    }
    assert.equal(blankComments('1 /* open'), '1        ')
    assert.equal(blankComments('1 / 2'), '1 / 2')
  })

  it('are found in time in proportion to the text', () => {
    const repeated = (unit: string) => (size: number) => unit.repeat(size / unit.length)
    assertLinear(
      'lists',
      (size) => `${'['.repeat(size / 2)}${']'.repeat(size / 2)}`,
      (json) => membersOf(json, 8),
    )
    assertLinear(
      'objects',
      (size) => `[${repeated('{"a":1},')(size)}1]`,
      (json) => membersOf(json, 8),
    )
    assertLinear(
      'names',
      (size) => `{${repeated('"a":"\\"b",')(size)}"b":1}`,
      (json) => membersOf(json, 8),
    )
    for (const unit of ['/', '/*', '//', '"', '/* */', '//\n', '\\"'])
      assertLinear(unit, repeated(unit), blankComments)
  })
})
