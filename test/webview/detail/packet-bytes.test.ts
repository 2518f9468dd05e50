/** The bytes of packets, as the page shows them. */
import assert from 'node:assert/strict'
import type { MappedPacket } from '../../../src/shared/packet-map.ts'
import { hexLine } from '../../../src/shared/text/hex.ts'
import { labelOfField, textOfField } from '../../../webview/detail/byte-field-text.ts'
import { piecedLine } from '../../../webview/detail/hex-pieces.ts'
import { type JsonNode, JsonTree } from '../../../webview/detail/json-tree.ts'
import { NodeBytes } from '../../../webview/detail/node-bytes.ts'
import { inMessage } from '../../../webview/detail/packet-source.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)

describe('a line of a hex dump in pieces', () => {
  const payload = Uint8Array.from({ length: 40 }, (_, index) => 0x41 + index)

  it('is the same text as a line without pieces', () => {
    const fields = [
      { from: 1, to: 3 },
      { from: 3, to: 9 },
      { from: 12, to: 40 },
    ]
    for (const lineBytes of [8, 16])
      for (let line = 0; line * lineBytes < payload.length; line++) {
        const shown = { from: 0, to: payload.length }
        const { offset, pieces } = piecedLine(payload, line, lineBytes, {
          shown,
          fields,
          marked: { from: 5, to: 14 },
        })
        const plain = hexLine(payload, line, lineBytes)
        assert.deepEqual(
          [
            offset,
            pieces.map(({ hex }) => hex).join(''),
            pieces
              .map(({ ascii }) => ascii)
              .join('')
              .trimEnd(),
          ],
          [plain.offset, plain.hex, plain.ascii],
        )
      }
  })

  it('says which bytes are in a field, and which are marked', () => {
    const fields = [
      { from: 1, to: 3 },
      { from: 3, to: 6 },
    ]
    const shown = { from: 1, to: 7 }
    const { pieces } = piecedLine(payload, 0, 8, { shown, fields, marked: { from: 2, to: 4 } })
    const looks = pieces.map(({ hex, field, isMarked }) => [hex, field, isMarked])
    assert.deepEqual(looks, [
      ['  ', -1, false],
      [' ', -1, false],
      ['42', 0, false],
      [' ', -1, false],
      ['43', 0, true],
      [' ', -1, false],
      ['44', 1, true],
      [' ', -1, false],
      ['45 46', 1, false],
      [' ', -1, false],
      ['47   ', -1, false],
    ])
  })
})

describe('a packet that is put together', () => {
  const messages = [
    { index: 4, from: 0, at: 10 },
    { index: 7, from: 3, at: 0 },
    { index: 8, from: 5, at: 0 },
  ]

  it('has its bytes in the messages', () => {
    assert.deepEqual(inMessage(messages, 8, { from: 1, to: 3 }), { index: 4, from: 11, to: 13 })
    assert.deepEqual(inMessage(messages, 8, { from: 2, to: 4 }), { index: 4, from: 12, to: 13 })
    assert.deepEqual(inMessage(messages, 8, { from: 3, to: 5 }), { index: 7, from: 0, to: 2 })
    assert.deepEqual(inMessage(messages, 8, { from: 6, to: 9 }), { index: 8, from: 1, to: 4 })
    assert.deepEqual(inMessage([], 8, { from: 6, to: 9 }), { index: 8, from: 6, to: 9 })
  })

  it('shows where its messages begin', () => {
    const payload = bytesOf('abcdefgh')
    const shown = { from: 0, to: 8 }
    const { pieces } = piecedLine(payload, 0, 8, { shown, starts: new Map([[3, '#8 begins']]) })
    assert.deepEqual(
      pieces.map(({ hex, ascii, start }) => [hex, ascii, start]),
      [
        ['61 62 63', 'abc', undefined],
        [' ', '', undefined],
        ['64 65 66 67 68', 'defgh', '#8 begins'],
      ],
    )
  })
})

describe('the text of a field', () => {
  const said = (text: string | Uint8Array, more: object = {}) => {
    const bytes = typeof text === 'string' ? bytesOf(text) : text
    return textOfField(bytes, { name: 'a', from: 0, to: bytes.length, ...more })
  }

  it('is text without the end of its line, or else hexadecimal', () => {
    assert.equal(said('héllo ✓'), 'héllo ✓')
    assert.equal(said('SEND\r\n'), 'SEND')
    assert.equal(said('a\nb'), '61 0a 62')
    assert.equal(said('4', { isNumber: true }), '34')
    assert.equal(said(Uint8Array.of(0xff, 1, 2, 3, 4, 5, 6)), 'ff 01 02 03 04 05 …')
    assert.equal(said('\u202etxt'), 'e2 80 ae 74 78 74')
  })

  it('is short, also if it is cut within a character', () => {
    assert.equal(said('x'.repeat(30)), `${'x'.repeat(24)}…`)
    assert.equal(said(`${'x'.repeat(63)}é`), `${'x'.repeat(24)}…`)
  })

  it('has a name, with the size if it is long', () => {
    const field = { name: 'packet type', meaning: 'ACK', from: 1, to: 2 }
    assert.equal(labelOfField(field), 'ACK')
    assert.equal(labelOfField({ name: 'body', from: 0, to: 72 }), 'body, 72\u00a0B')
  })
})

describe('the bytes of a value', () => {
  const nodeAt = (value: unknown, ...keys: (string | number)[]) => {
    const tree = new JsonTree(JSON.stringify(value))
    let node: JsonNode | undefined = tree.root
    for (const key of keys) node = node && tree.children(node, 0, 99).find((child) => child.key === key)
    assert.ok(node)
    return node
  }
  const packetOf = (size: number, fields: MappedPacket['fields'] = []): MappedPacket => ({
    from: 0,
    to: size,
    isContinued: false,
    fields,
  })

  it('are found in a packet that is JSON', () => {
    const text = '{"t":"ü", "payload": {"a":[1, {"b" :"é"}]}}'
    const payload = bytesOf(text)
    const value = { a: [1, { b: 'é' }] }
    const bytes = new NodeBytes(payload, packetOf(payload.length), value)
    const said = (...keys: (string | number)[]) => {
      const found = bytes.of(nodeAt(value, ...keys))
      return found && new TextDecoder().decode(payload.subarray(found.from, found.to))
    }
    assert.equal(said(), '{"a":[1, {"b" :"é"}]}')
    assert.equal(said('a', 0), '1')
    assert.equal(said('a', 1, 'b'), '"é"')
    const other = new NodeBytes(payload, packetOf(payload.length), { not: 'there' })
    assert.equal(other.of(nodeAt({ not: 'there' })), undefined)
  })

  it('are those of the field, or a part of it if it is JSON', () => {
    const payload = bytesOf('TOPIC{"a":[7]}')
    const value = { topic: 'TOPIC', payload: { a: [7] } }
    const fields = [
      { name: 'topic', from: 0, to: 5, path: '$.topic' },
      { name: 'payload', from: 5, to: 14, path: '$.payload' },
    ]
    const bytes = new NodeBytes(payload, packetOf(payload.length, fields), value)
    assert.deepEqual(bytes.of(nodeAt(value, 'topic')), { from: 0, to: 5 })
    assert.deepEqual(bytes.of(nodeAt(value, 'payload')), { from: 5, to: 14 })
    assert.deepEqual(bytes.of(nodeAt(value, 'payload', 'a', 0)), { from: 11, to: 12 })
    assert.equal(bytes.of(nodeAt(value)), undefined)
  })
})
