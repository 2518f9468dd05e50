import assert from 'node:assert/strict'
import { hexLine, toHex } from '../../../src/shared/text/hex.ts'
import { prettyPrint } from '../../../src/shared/text/json-text.ts'
import {
  handshakeEntries,
  headerEntries,
  otherEntries,
  phasesOf,
  timingEntries,
  wireText,
} from '../../../webview/detail/fields.ts'
import {
  describePayload,
  hexLineCount,
  highlight,
  splitBlocks,
  viewPayload,
} from '../../../webview/detail/payload-view.ts'
import { assertLinear } from '../../support/linear.ts'
import { seededRandom } from '../../support/splits.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

function randomJson(random: () => number, depth = 0): unknown {
  const pick = Math.floor(random() * (depth > 3 ? 4 : 6))
  if (pick === 0) return random() < 0.5
  if (pick === 1) return Math.round((random() - 0.5) * 1e6) / 100
  if (pick === 2)
    return ['', 'a "quoted" \\ back', '{"not": [json]}', 'line\nbreak', '日本'][Math.floor(random() * 5)]
  if (pick === 3) return null
  const children = Array.from({ length: Math.floor(random() * 4) }, () => randomJson(random, depth + 1))
  return pick === 4 ? children : Object.fromEntries(children.map((child, i) => [`k${i}`, child]))
}

describe('a payload as text', () => {
  it('is pretty-printed like JSON.stringify if it is JSON', () => {
    const random = seededRandom(3)
    for (let i = 0; i < 300; i++) {
      const value = randomJson(random)
      assert.equal(prettyPrint(JSON.stringify(value)), JSON.stringify(value, null, 2))
    }
  })

  it('keeps the digits, order and duplicates that parsing would lose', () => {
    assert.equal(
      prettyPrint('{"b":1.00,"a":12345678901234567890,"b":2}'),
      '{\n  "b": 1.00,\n  "a": 12345678901234567890,\n  "b": 2\n}',
    )
  })

  it('pretty-prints a long string fast', () => {
    const json = JSON.stringify({ text: 'x\\"'.repeat(300_000) })
    assert.equal(prettyPrint(json), JSON.stringify(JSON.parse(json), null, 2))
  })

  it('is left as it is if it is nested too deeply, and does not grow much', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    assert.equal(prettyPrint(nested(100)), JSON.stringify(JSON.parse(nested(100)), null, 2))
    for (const json of [nested(50_000), `${'{"a":'.repeat(200)}[${'1,'.repeat(100_000)}1]${'}'.repeat(200)}`])
      assert.equal(prettyPrint(json), json)
    assert.equal(viewPayload(bytes(nested(50_000)), 100_000).form, 'json')
  })

  it('distinguishes JSON, text, binary and empty payloads', () => {
    const form = (payload: Uint8Array, size = payload.length) => viewPayload(payload, size).form
    assert.equal(form(bytes('{"a":1}')), 'json')
    assert.equal(form(bytes('{"a":1')), 'text')
    assert.equal(form(bytes('plain \u001b[31mred')), 'text')
    assert.equal(form(Uint8Array.of(0x80, 1)), 'binary')
    assert.equal(form(Uint8Array.of(0, 1, 2)), 'binary')
    assert.equal(form(new Uint8Array(0)), 'none')
  })

  it('may end inside a character if it is loaded in part', () => {
    const view = viewPayload(bytes('aé').subarray(0, 2), 3)
    assert.deepEqual(view, { form: 'text', text: 'a' })
  })

  it('keeps a byte order mark', () => {
    assert.equal(viewPayload(bytes('\ufeffx'), 4).text, '\ufeffx')
  })

  it('is colored without losing a character', () => {
    const random = seededRandom(4)
    for (let i = 0; i < 100; i++) {
      const text = JSON.stringify(randomJson(random), null, 2)
      assert.equal(
        highlight(text)
          .map((token) => token.text)
          .join(''),
        text,
      )
    }
    assert.deepEqual(
      highlight('{"a": -1.5e3, "b": [true, "c"]}')
        .filter(({ role }) => role !== 'plain')
        .map(({ role, text }) => `${role} ${text}`),
      ['key "a"', 'number -1.5e3', 'key "b"', 'literal true', 'string "c"'],
    )
  })

  it('is colored in part too, in linear time', () => {
    assert.deepEqual(
      highlight('tail", 1, "cut \\').map(({ role, text }) => `${role} ${text}`),
      ['plain tail', 'string ", 1, "', 'plain cut \\'],
    )
    for (const piece of ['\\"', '"', '"\\', '" ', '1', '"a" \t'])
      assertLinear(piece, (size) => piece.repeat(size / piece.length), highlight)
  })

  it('is split into blocks of whole lines, and of limited length if there are no lines', () => {
    const text = `${'line of text\n'.repeat(5000)}${'y'.repeat(500_000)}`
    const blocks = splitBlocks(text)
    assert.equal(blocks.join(''), text)
    assert.ok(blocks[0]?.endsWith('\n'))
    assert.ok(blocks.every((block) => block.length <= 100_000))
  })

  it('is described by size and form', () => {
    assert.equal(plain(describePayload({ form: 'json', text: '' }, 412)), '412 B text (JSON)')
  })
})

describe('a payload as hexadecimal', () => {
  it('has offsets, bytes and ASCII in columns of one width', () => {
    const line = hexLine(bytes('Hello, World!\n\u00e9'), 0, 16)
    assert.deepEqual(line, {
      offset: '00000000',
      hex: '48 65 6c 6c 6f 2c 20 57  6f 72 6c 64 21 0a c3 a9',
      ascii: 'Hello, World!...',
    })
    const last = hexLine(
      Uint8Array.from({ length: 17 }, (_, i) => i + 65),
      1,
      16,
    )
    assert.equal(last.offset, '00000010')
    assert.equal(last.hex.length, line.hex.length)
    assert.equal(last.ascii, 'Q')
  })

  it('has lines of eight bytes in a narrow pane', () => {
    assert.equal(hexLineCount(17, 8), 3)
    assert.equal(hexLine(bytes('abcdefghij'), 1, 8).hex.trimEnd(), '69 6a')
  })

  it('is copied as plain digits', () => {
    assert.equal(toHex(Uint8Array.of(0, 15, 255)), '000fff')
  })
})

describe("an event's fields", () => {
  it('have two lines for a header with two values', () => {
    assert.deepEqual(headerEntries({ headers: { a: '1', 'set-cookie': ['x', 'y'] } }), [
      { name: 'a', value: '1' },
      { name: 'set-cookie', value: 'x' },
      { name: 'set-cookie', value: 'y' },
    ])
    assert.deepEqual(headerEntries({ headers: 'nonsense' }), [])
  })

  it('of a handshake have names, without absent ones', () => {
    const entries = handshakeEntries({
      status: 101,
      tls: { protocol: 'TLSv1.3', cipher: 'X', validTo: '2027' },
      redirects: [{ status: 307, location: '/b' }],
    })
    assert.deepEqual(
      entries.map(({ name, value }) => `${name}: ${value}`),
      ['Status: 101', 'TLS: TLSv1.3, X', 'Certificate valid until: 2027', 'Redirect: 307 /b'],
    )
  })

  it('of a handshake are left out if a file has values of other types', () => {
    for (const tls of [null, 'TLSv1.3', {}, { protocol: 'TLSv1.3' }])
      assert.deepEqual(handshakeEntries({ tls, redirects: 'none' }), [])
  })

  it('about the wire only say what is known', () => {
    assert.equal(plain(wireText({ frames: 1, compressed: true }, 412, 196)), '196 B, 1 frame, deflate 2.1×')
    assert.equal(wireText({}, 412, undefined), 'unknown')
  })

  it('about time are durations', () => {
    assert.deepEqual(
      timingEntries({ held: 11_000, headSize: 236 }).map(({ name, value }) => ({
        name,
        value: plain(value),
      })),
      [
        { name: 'Held by the server', value: '11 s' },
        { name: 'Head of the response', value: '236 B' },
      ],
    )
  })

  it('about the phases of a request place each where the one before it ends, without what did not happen', () => {
    const phases = phasesOf({ timing: { tls: 9.5, firstByte: 8, dns: 3, extra: 1, tcp: 'fast' } })
    assert.deepEqual(
      phases.map(({ id, from, took }) => [id, from, took]),
      [
        ['dns', 0, 3],
        ['tls', 3, 9.5],
        ['firstByte', 12.5, 8],
      ],
    )
    for (const timing of [undefined, null, 'fast', {}, { tcp: -1 }])
      assert.deepEqual(phasesOf({ timing }), [])
  })

  it('that are unknown are still shown', () => {
    assert.deepEqual(otherEntries({ type: 'x', future: { a: 1 } }), [{ name: 'future', value: '{"a":1}' }])
  })
})
