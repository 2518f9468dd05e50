/** JSON objects that are read from their lines, against undoing the escapes and parsing them. */
import assert from 'node:assert/strict'
import { nameIn } from '../../src/decode/naming-field.ts'
import { valueAt } from '../../src/diagnose/payload-fields.ts'
import { LineJson } from '../../src/session/line-json.ts'
import { seededRandom } from '../support/splits.ts'

const PLACES = ['n', 'data.seq', 'data.a.n', 'data.0', '']
const NAMES = ['n', 'data', 'data', 'seq', 'seq', 'a', 'type', 'event', 'kind', 'opx', 'é', '']
const SCALARS = [
  '0',
  '-0',
  '7',
  '-12',
  '1.5',
  '1e3',
  '999999999999999',
  '9999999999999999',
  'true',
  'null',
  '1E-2',
]
const STRINGS = ['"x"', '"12"', '"-1"', '""', '"é😀"', '"{[,:"', '"1234567890123456"', '"\\n"', '"\\""']

type Random = () => number

function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T
}

/** The text of a random JSON value, in which names may come twice. */
function json(random: Random, depth: number): string {
  const kind = depth > 3 ? 1 : random()
  if (depth > 0 && kind > 0.5) return pick(random, random() < 0.6 ? SCALARS : STRINGS)
  const space = random() < 0.1 ? pick(random, [' ', '\n', '\t', '\r\n']) : ''
  const members = Array.from({ length: Math.floor(random() * 5) }, () => json(random, depth + 1))
  if (depth > 0 && kind < 0.15) return `[${members.join(`,${space}`)}${space}]`
  const named = members.map((member) => `${space}"${pick(random, NAMES)}"${space}:${space}${member}`)
  return `{${named.join(',')}${space}}`
}

/** Some texts are damaged. */
function damaged(random: Random, text: string): string {
  if (random() < 0.6) return text
  const at = Math.floor(random() * (text.length + 1))
  const bytes = ['', ',', '}', '{', ']', '"', ':', '0', '.', '-', 'e', 't', ' ', '\\', '\u0001']
  return text.slice(0, at) + pick(random, bytes) + text.slice(at + Math.floor(random() * 2))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The whole number at a place, as the rules about counters take it. */
function integerAt(value: unknown, place: string): unknown {
  const found = valueAt(value, place)
  const number = typeof found === 'string' && /^\d{1,16}$/.test(found) ? Number(found) : found
  return Number.isSafeInteger(number) ? number : undefined
}

/** Reads a payload as a line has it. */
function readInLine(json: LineJson, text: string) {
  const line = Buffer.from(`,"text":${JSON.stringify(text)}}`)
  const isRead = json.read(line, ',"text":"'.length, line.length - 2)
  const { nameFrom, nameTo } = json
  return { isRead, name: nameFrom < 0 ? undefined : line.toString('utf8', nameFrom, nameTo) }
}

describe('a JSON object in a line', () => {
  for (const place of PLACES)
    it(`is read as by parsing it, with the number at "${place}"`, () => {
      const random = seededRandom(place.length + 1)
      const reader = new LineJson()
      reader.watch(place)
      let read = 0
      let numbers = 0
      for (let round = 0; round < 20_000; round++) {
        const text = damaged(random, json(random, 0))
        const { isRead, name } = readInLine(reader, text)
        if (!isRead) continue
        read++
        const value = parsed(text)
        assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value), text)
        assert.equal(reader.size, Buffer.byteLength(text), text)
        assert.equal(name, nameIn(Buffer.from(text), 0), text)
        if (reader.integer === undefined) continue
        numbers++
        assert.equal(reader.integer, integerAt(value, place), text)
      }
      assert.ok(read > 5000, `${read} were read`)
      if (place === 'n' || place === 'data.seq') assert.ok(numbers >= 10, `${numbers} had a number`)
    })

  it('is read if its strings have no escapes, and its number is found', () => {
    const reader = new LineJson()
    reader.watch('data.seq')
    const texts: readonly (readonly [string, number | undefined, string | undefined])[] = [
      ['{}', undefined, undefined],
      ['{"type":"tick","data":{"a":[1,{"seq":1}],"seq":42}}', 42, 'tick'],
      ['{"data":{"seq":"000123"},"kind":"b","event":"a"}', 123, 'a'],
      ['{ "data" : { "seq" : -5 } }\n', -5, undefined],
      ['{"data":[{"seq":1}],"seq":2}', undefined, undefined],
      ['{"data":{"seq":1.0}}', undefined, undefined],
      ['{"data":{"data":{"seq":3}}}', undefined, undefined],
    ]
    for (const [text, integer, name] of texts) {
      assert.deepEqual(readInLine(reader, text), { isRead: true, name }, text)
      assert.equal(reader.integer, integer, text)
    }
  })

  it('is left to a parser if it is nested deeply, has escapes, or says a watched name twice', () => {
    const reader = new LineJson()
    reader.watch('n')
    const nested = '{"a":'.repeat(40)
    for (const text of [
      `${nested}1${'}'.repeat(40)}`,
      '{"a":"\\t"}',
      '{"\\u006e":1}',
      '{"n":1,"n":2}',
      '[1]',
      ' {}',
    ])
      assert.equal(readInLine(reader, text).isRead, false, text)
  })
})
