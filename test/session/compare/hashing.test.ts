/** The hashes by which messages are compared, against slow and obvious ways to find out the same. */
import assert from 'node:assert/strict'
import { isUtf8 } from 'node:buffer'
import { ContentReader } from '../../../src/session/compare/contents.ts'
import { blur } from '../../../src/session/compare/hashing/blur.ts'
import { HashInterner } from '../../../src/session/compare/hashing/interner.ts'
import { JsonHasher } from '../../../src/session/compare/hashing/json-hash.ts'
import { unescapeString } from '../../../src/session/compare/hashing/json-text.ts'
import { canonical, type Json, parseJson } from '../../../src/session/compare/lossless-json.ts'
import { message } from '../../support/recording.ts'
import { seededRandom } from '../../support/splits.ts'

const random = seededRandom(7)
const oneOf = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
const some = (most: number) => Array.from({ length: Math.floor(random() * (most + 1)) })

/** Values that are written in several ways, and values that only look alike. */
const SCALARS = [
  ['0', '-0', '0.0', '0e5'],
  ['1', '1.0', '10e-1', '1.000'],
  ['-1.5', '-15e-1', '-1.50'],
  ['1e21', '1E21', '10e20'],
  ['0.000001', '1e-6', '0.0000010'],
  ['0.0000001', '1e-7'],
  ['0.05', '5e-2', '0.050'],
  ['12345678901234567890'],
  ['12345678901234567891'],
  ['-123456789012345'],
  ['-123456789012345.0'],
  ['true'],
  ['false'],
  ['null'],
  ['""'],
  ['"1"', '"\\u0031"'],
  ['"a/b"', '"a\\/b"', '"\\u0061/b"'],
  ['"😀"', '"\\ud83d\\ude00"', '"\\uD83D\\uDE00"'],
  ['"\\ud83d"'],
  ['"\\ude00"'],
  ['"\ufffd"'],
  ['"\\b\\f\\n\\r\\t\\"\\\\"', '"\\u0008\\u000c\\u000a\\u000d\\u0009\\u0022\\u005c"'],
  ['"2026-11-23T05:00:00Z"'],
  ['"2026-11-24T05:00:00Z"'],
] as const
const NAMES = [['"a"', '"\\u0061"'], ['"b"'], ['"type"'], ['"1"'], ['""'], ['"__proto__"']] as const
const SPACE = ['', '', '', ' ', '\n\t', '\r']

type Tree = { scalar: readonly string[] } | { items: Tree[] } | { members: [readonly string[], Tree][] }

function tree(depth: number): Tree {
  const kind = depth === 0 ? 0 : random()
  if (kind < 0.5) return { scalar: oneOf(SCALARS) }
  if (kind < 0.7) return { items: some(3).map(() => tree(depth - 1)) }
  return { members: some(3).map(() => [oneOf(NAMES), tree(depth - 1)]) }
}

/** The tree as JSON, each time in another way. */
function write(node: Tree, isShuffled: boolean): string {
  const space = () => oneOf(SPACE)
  if ('scalar' in node) return space() + oneOf(node.scalar) + space()
  if ('items' in node)
    return `${space()}[${node.items.map((each) => write(each, isShuffled)).join() || space()}]${space()}`
  const members = node.members.map(
    ([name, value]) => `${space()}${oneOf(name)}${space()}:${write(value, isShuffled)}`,
  )
  const isRepeated = new Set(node.members.map(([[name]]) => name)).size < members.length
  if (isShuffled && !isRepeated) members.sort(() => random() - 0.5)
  return `${space()}{${members.join() || space()}}${space()}`
}

const reader = new ContentReader(undefined)
const contentsOf = (content: string | Uint8Array) =>
  reader.read({ part: 0, message: message(0, content), packet: undefined, isHeartbeat: false })

/** The values by which messages were compared before they were hashed. */
const VOLATILE =
  /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}|\d{4}-\d\d-\d\d[T ][\d:.]+Z?|[\w+/-]{24,}={0,2}|\d+(?:\.\d+)?/gi
const blurText = (text: string) => text.replaceAll(VOLATILE, '#')
const blurScalar = (value: string | number) => (typeof value === 'number' ? '#' : `"${blurText(value)}"`)

/** Long numbers are kept as strings that say so. */
const withoutLongNumbers = (value: Json) =>
  canonical(value, (each) =>
    typeof each === 'string' && each.startsWith('\0number ') ? '#' : blurScalar(each),
  )

function shapeOf(value: Json): string {
  if (typeof value === 'string' && value.startsWith('\0number ')) return 'number'
  if (Array.isArray(value)) return 'array'
  if (typeof value !== 'object' || value === null) return typeof value
  return JSON.stringify(Object.keys(value).sort())
}

describe('the hash of a message', () => {
  it('is the same for JSON that says the same, however it is written (seeded)', () => {
    for (let round = 0; round < 5000; round++) {
      const node = tree(4)
      const [one, other] = [write(node, true), write(node, true)]
      assert.deepEqual(contentsOf(one), contentsOf(other), `${one}\n${other}`)
    }
  })

  it('is the same just where the canonical texts are the same (seeded)', () => {
    const properties = {
      exact: (value: Json) => canonical(value),
      similar: withoutLongNumbers,
      shape: shapeOf,
    }
    const texts = Array.from({ length: 20_000 }, () => write(tree(2), false))
    for (const [name, textOf] of Object.entries(properties)) {
      const numbers = new Map<string, number>()
      const found = new Map<number, string>()
      for (const text of texts) {
        const value = parseJson(text)
        assert.ok(value !== undefined, text)
        const expected = textOf(value)
        const number = contentsOf(text)[name as keyof typeof properties]
        assert.equal(numbers.get(expected) ?? number, number, `${name} ${text}`)
        assert.equal(found.get(number) ?? expected, expected, `${name} ${text}`)
        numbers.set(expected, number)
        found.set(number, expected)
      }
    }
  })

  it('takes for JSON what JSON.parse does (seeded)', () => {
    const hasher = new JsonHasher([1, 2])
    const bits = [
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '0',
      '1',
      '-',
      '.',
      'e',
      '+',
      'u',
      't',
      ' ',
      '\n',
      '\x01',
      '\\u12',
      'null',
    ]
    for (let round = 0; round < 40_000; round++) {
      let text = write(tree(3), false)
      for (const _ of some(2)) {
        const at = Math.floor(random() * (text.length + 1))
        text = text.slice(0, at) + oneOf(['', oneOf(bits)]) + text.slice(at + Math.floor(random() * 2))
      }
      const bytes = Buffer.from(`x${text}x`)
      const verdict = hasher.hash(bytes, 1, bytes.length - 1, true, true)
      let isJson = true
      try {
        JSON.parse(bytes.toString('utf8', 1, bytes.length - 1))
      } catch {
        isJson = false
      }
      assert.equal(verdict, isJson ? 'json' : 'not json', text)
    }
  })

  it('leaves deep JSON and repeated members to the parser', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    assert.equal(contentsOf(nested(500)).exact, contentsOf(` ${nested(500)}`).exact)
    assert.notEqual(contentsOf(nested(501)).exact, contentsOf(` ${nested(501)}`).exact)
    assert.equal(contentsOf('{"a":1,"b":3,"a":2}').exact, contentsOf('{"b":3,"a":2}').exact)
    const many = Array.from({ length: 100_000 }, (_, n) => `"${n}":${n}`)
    assert.equal(contentsOf(`{${many.join()}}`).exact, contentsOf(`{${many.toReversed().join()}}`).exact)
  })

  it('is another with another opcode, in bytes, and as text that is not JSON', () => {
    const ids = ['[1]', '1', '"1"', 'x1', Buffer.from([0xff, 0x31])].map((each) => contentsOf(each).exact)
    assert.equal(new Set(ids).size, ids.length)
  })

  it('is kept apart from the others by the number of bytes', () => {
    const ids = Array.from({ length: 40 }, (_, n) => contentsOf(`x${'\0'.repeat(n)}`).exact)
    assert.equal(new Set(ids).size, ids.length)
  })

  it('differs in every session of comparing, so that nobody can prepare equal hashes', () => {
    const hashes = [1, 2, 3].map((key) => {
      const hasher = new JsonHasher([key, 0])
      hasher.hash(Buffer.from('[1]'), 0, 3, false, true)
      return `${hasher.exactLow} ${hasher.exactHigh}`
    })
    assert.equal(new Set(hashes).size, 3)
  })
})

describe('volatile parts of a text', () => {
  it('are replaced as by one regular expression (seeded)', () => {
    const parts = [
      '12',
      '3.',
      '.5',
      'a',
      'f',
      '-',
      '2026-11-23',
      'T',
      ' ',
      '05:00',
      'Z',
      '=',
      '==',
      'ü',
      '/',
      '+',
      '_',
      'zz',
      '0123abcd-0123-0123-0123-0123456789ab',
      'x'.repeat(23),
      'deadbeef',
      ',',
    ]
    const out = new Uint8Array(4096)
    for (let round = 0; round < 30_000; round++) {
      const text = some(9)
        .map(() => oneOf(parts))
        .join('')
      const bytes = Buffer.from(`9${text}9`)
      const length = blur(bytes, 1, bytes.length - 1, out)
      const blurred = length < 0 ? text : Buffer.from(out.subarray(0, length)).toString()
      assert.equal(blurred, blurText(text), text)
    }
  })
})

describe('escapes of a string', () => {
  it('are read as JSON.parse reads them (seeded)', () => {
    const parts = [
      'a',
      'ü',
      '😀',
      '\\n',
      '\\"',
      '\\\\',
      '\\/',
      '\\u0041',
      '\\u00fc',
      '\\u20ac',
      '\\ud83d',
      '\\ude00',
      '\\uD83D\\uDE00',
      '\\u12',
      '\\x',
      '\\',
    ]
    const out = new Uint8Array(4096)
    for (let round = 0; round < 30_000; round++) {
      const text = some(6)
        .map(() => oneOf(parts))
        .join('')
      // A quote without a backslash ends the string.
      if (/(?<!\\)(?:\\\\)*"/.test(text)) continue
      let expected: string | undefined
      try {
        expected = JSON.parse(`"${text}"`)
      } catch {
        expected = undefined
      }
      const bytes = Buffer.from(text)
      const length = unescapeString(bytes, 0, bytes.length, out, 0xfffd)
      const read = out.subarray(0, Math.max(0, length))
      assert.ok(isUtf8(read))
      assert.equal(
        length < 0 ? undefined : Buffer.from(read).toString(),
        expected && Buffer.from(expected).toString(),
        text,
      )
    }
  })
})

describe('numbers for hashes', () => {
  it('are the same for the same hash, and count on', () => {
    const interner = new HashInterner()
    const hashes = Array.from(
      { length: 20_000 },
      () => [(random() * 2 ** 32) | 0, (random() * 3) | 0] as const,
    )
    const known = new Map<string, number>()
    for (const [low, high] of [...hashes, ...hashes]) {
      const key = `${low} ${high}`
      const expected = known.get(key) ?? known.size
      known.set(key, expected)
      assert.equal(interner.intern(low, high), expected)
    }
    assert.equal(interner.size, known.size)
  })
})
