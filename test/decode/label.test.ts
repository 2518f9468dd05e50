import assert from 'node:assert/strict'
import { LABEL_BYTES, labelPayload } from '../../src/decode/label.ts'

const label = (text: string) => labelPayload(new TextEncoder().encode(text), false)

describe('the label of a message', () => {
  it('is the string in one of the customary fields', () => {
    assert.equal(label('{"type":"trade","price":1}'), 'trade')
    assert.equal(label(' { "id": 7, "op" : "subscribe" }'), 'subscribe')
    assert.equal(label('{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[]}'), 'eth_call')
    for (const field of ['type', 'event', 'op', 'method', 'action', 'kind', 'channel'])
      assert.equal(label(JSON.stringify({ data: [1, { x: null }], [field]: 'named' })), 'named')
  })

  it('prefers the field that names best, wherever it stands', () => {
    assert.equal(label('{"channel":"trades","event":"update","type":"trade"}'), 'trade')
    assert.equal(label('{"channel":"trades","event":"update"}'), 'update')
  })

  it('comes from the message itself, not from what is nested in it or from other values', () => {
    assert.equal(label('{"data":{"type":"inner"},"list":["type","x"]}'), 'text')
    assert.equal(label('{"x":"type","y":"no"}'), 'text')
    assert.equal(label('{"type":7,"kind":{"type":"deep"}}'), 'text')
    assert.equal(label('{"type":null,"kind":"k"}'), 'k')
    assert.equal(label('[{"type":"element"}]'), 'text')
  })

  it('reads escapes, and refuses those JSON does not know', () => {
    assert.equal(label('{"ty\\u0070e":"a\\"b\\u00e9"}'), 'a"bé')
    assert.equal(label('{"type":"\\q"}'), 'text')
  })

  it('is found in a payload that is cut off, as far as it goes', () => {
    assert.equal(label(`{"type":"snapshot","rows":["${'x'.repeat(LABEL_BYTES)}`), 'snapshot')
    assert.equal(label('{"type":"tra'), 'text')
    assert.equal(label(`{"rows":"${'x'.repeat(LABEL_BYTES)}","type":"late"}`), 'text')
  })

  it('is one short line without control characters or marks that turn text around', () => {
    assert.equal(label('{"type":"a\\n\\tb\\u202ec"}'), 'a b c')
    assert.equal(label(`{"type":"${'é'.repeat(100)}"}`), `${'é'.repeat(39)}…`)
    for (const text of ['é'.repeat(40), '😀'.repeat(40)]) assert.equal(label(`{"type":"${text}"}`), text)
    assert.equal(label('{"type":"\\ud800"}'), 'text')
    assert.equal(label('{"type":" "}'), 'text')
  })

  it('is text or binary where the payload has no name for itself', () => {
    assert.equal(label(''), 'text')
    assert.equal(label('hello {"type":"no"}'), 'text')
    assert.equal(labelPayload(Uint8Array.of(0, 255), true), 'binary')
    assert.equal(labelPayload(new TextEncoder().encode('{"type":"no"}'), true), 'binary')
  })

  it('takes a moment, whatever the payload', () => {
    const nasty = [
      '{"a":'.repeat(900),
      `{"${'\\"'.repeat(2000)}`,
      '{"type"'.repeat(500),
      `{${' '.repeat(4000)}`,
    ]
    const started = performance.now()
    for (let i = 0; i < 100; i++) for (const text of nasty) label(text)
    assert.ok(performance.now() - started < 2000)
  })
})
