import assert from 'node:assert/strict'
import type { ConnectionFacts, Decoder } from '../../src/decode/decoder.ts'
import { DecoderChoice } from '../../src/decode/decoder-choice.ts'
import { DECODERS } from '../../src/decode/decoders.ts'
import { decodeObject, json } from '../../src/decode/json.ts'
import { payloadName } from '../../src/decode/payload-name.ts'
import { NAMING_FIELDS } from '../../src/shared/naming-fields.ts'
import { processorTime } from '../support/linear.ts'
import { seededRandom } from '../support/splits.ts'

/** Bytes that the decoder reads of a message. */
const READ = json.reads ?? 0
const FACTS = { connection: 1 }

function nameOf(payload: Uint8Array, binary: boolean): string {
  const message = {
    facts: FACTS,
    isRequest: false,
    url: '',
    number: 0,
    time: 0,
    direction: 'in',
    binary,
    eventName: '',
    payload: payload.subarray(0, READ),
    size: payload.length,
  } as const
  return payloadName(json.open(FACTS).decode(message), binary)
}

const name = (text: string) => nameOf(new TextEncoder().encode(text), false)

describe('the name of a JSON message', () => {
  it('is the string in one of the customary fields', () => {
    assert.equal(name('{"type":"trade","price":1}'), 'trade')
    assert.equal(name(' { "id": 7, "op" : "subscribe" }'), 'subscribe')
    assert.equal(name('{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[]}'), 'eth_call')
    for (const field of ['type', 'event', 'op', 'method', 'action', 'kind', 'channel'])
      assert.equal(name(JSON.stringify({ data: [1, { x: null }], [field]: 'named' })), 'named')
  })

  it('prefers the field that names best, wherever it stands', () => {
    assert.equal(name('{"channel":"trades","event":"update","type":"trade"}'), 'trade')
    assert.equal(name('{"channel":"trades","event":"update"}'), 'update')
  })

  it('comes from the message itself, not from what is nested in it or from other values', () => {
    assert.equal(name('{"data":{"type":"inner"},"list":["type","x"]}'), 'text')
    assert.equal(name('{"x":"type","y":"no"}'), 'text')
    assert.equal(name('{"type":7,"kind":{"type":"deep"}}'), 'text')
    assert.equal(name('{"type":null,"kind":"k"}'), 'k')
    assert.equal(name('[{"type":"element"}]'), 'text')
  })

  it('reads escapes, and refuses those JSON does not know', () => {
    assert.equal(name('{"ty\\u0070e":"a\\"b\\u00e9"}'), 'a"bé')
    assert.equal(name('{"type":"\\q"}'), 'text')
  })

  it('is what parsing finds in any object', () => {
    const random = seededRandom(11)
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
    const keys = [...NAMING_FIELDS, 'x', 'ty', 'typed', 'é', '"', '\\']
    const values = [
      '',
      'n',
      'a"b',
      '\\',
      '}{][,:',
      '\n',
      'é€😀',
      '\u2028',
      7,
      null,
      true,
      [1, ['{']],
      { type: 'inner' },
    ]
    for (let run = 0; run < 2000; run++) {
      const entries = Array.from({ length: Math.floor(random() * 6) }, () => [pick(keys), pick(values)])
      const object: Record<string, unknown> = Object.fromEntries(entries)
      const field = NAMING_FIELDS.find((each) => typeof object[each] === 'string')
      const bytes = Buffer.from(
        `${pick(['', ' ', '\ufeff', '\n\u00a0'])}${JSON.stringify(object, null, pick([0, 1]))}`,
      )
      const [packet] = decodeObject({ payload: bytes, size: bytes.length, binary: false })
      assert.equal(packet?.name, field === undefined ? undefined : object[field], bytes.toString())
    }
  })

  it('is found in a payload that is cut off, as far as it goes', () => {
    assert.equal(name(`{"type":"snapshot","rows":["${'x'.repeat(READ)}`), 'snapshot')
    assert.equal(name('{"type":"tra'), 'text')
    assert.equal(name(`{"rows":"${'x'.repeat(READ)}","type":"late"}`), 'text')
  })

  it('is one short line without control characters or marks that turn text around', () => {
    assert.equal(name('{"type":"a\\n\\tb\\u202ec"}'), 'a b c')
    assert.equal(name(`{"type":"${'é'.repeat(100)}"}`), `${'é'.repeat(39)}…`)
    for (const text of ['é'.repeat(40), '😀'.repeat(40)]) assert.equal(name(`{"type":"${text}"}`), text)
    assert.equal(name('{"type":"\\ud800"}'), 'text')
    assert.equal(name('{"type":" "}'), 'text')
  })

  it('is text or binary if the payload does not name itself', () => {
    assert.equal(name(''), 'text')
    assert.equal(name('hello {"type":"no"}'), 'text')
    assert.equal(nameOf(Uint8Array.of(0, 255), true), 'binary')
    assert.equal(nameOf(new TextEncoder().encode('{"type":"no"}'), true), 'binary')
  })

  it('takes a moment, whatever the payload', () => {
    const nasty = [
      '{"a":'.repeat(900),
      `{"${'\\"'.repeat(2000)}`,
      '{"type"'.repeat(500),
      `{${' '.repeat(4000)}`,
    ]
    const taken = processorTime(() => {
      for (let i = 0; i < 100; i++) for (const text of nasty) name(text)
    })
    assert.ok(taken < 2000, `${taken} ms`)
  })

  it('comes after a byte order mark, too', () => {
    assert.equal(name('\ufeff{"type":"marked"}'), 'marked')
  })

  it('is not looked for in bytes that are not UTF-8', () => {
    const payload = Buffer.concat([Buffer.from('{"type":"no"}'), Uint8Array.of(0xff)])
    assert.equal(nameOf(payload, false), 'text')
  })

  it('is found in a payload that is cut inside a character', () => {
    const text = `{"type":"cut","x":"${'x'.repeat(READ - 20)}é"}`
    assert.equal(name(text), 'cut')
  })
})

function chooseDecoder(facts: ConnectionFacts, decoders: readonly Decoder[] = DECODERS) {
  return new DecoderChoice(decoders, facts).chosen
}

describe('the choice of a decoder', () => {
  it('falls back to JSON, and says so', () => {
    const chosen = chooseDecoder({ ...FACTS, url: 'wss://example.com/' })
    assert.equal(chosen?.decoder.name, 'json')
    assert.equal(chosen?.reason, 'no other protocol was recognized')
  })

  it('takes the first decoder that recognizes the connection, unless the user chose another', () => {
    const mqtt = {
      ...json,
      name: 'mqtt',
      recognize: ({ subprotocol = '' }) => (subprotocol === 'mqtt' ? 'subprotocol mqtt' : undefined),
    }
    const decoders = [mqtt, json]
    assert.deepEqual(chooseDecoder({ ...FACTS, subprotocol: 'mqtt' }, decoders), {
      decoder: mqtt,
      reason: 'subprotocol mqtt',
    })
    assert.equal(chooseDecoder(FACTS, decoders)?.decoder, json)
    assert.equal(chooseDecoder({ ...FACTS, decoder: 'mqtt' }, decoders)?.decoder, mqtt)
    assert.equal(chooseDecoder({ ...FACTS, decoder: 'json', subprotocol: 'mqtt' }, decoders)?.decoder, json)
  })
})
