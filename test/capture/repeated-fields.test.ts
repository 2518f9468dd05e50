import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { RepeatedFields } from '../../src/capture/repeated-fields.ts'

/** The headers of a response, and what follows them. */
const HEADERS = [
  '{}',
  '{"etag":"1"}',
  '{"held":"},\\"held\\":1"}',
  '{"set-cookie":["a=1","b=2"],"x":"ü"}',
  '{"a":"}"}',
]
const ENDS = [
  '"held":1.5,"empty":true}',
  '"held":2,"empty":false,"cursor":"7","timing":{"firstByte":2}}',
  '"held":3,"empty":true,"extra":{"x":{},"held":4}}',
]

describe('RepeatedFields', () => {
  it('parses fields as JSON.parse does, whatever was parsed before', () => {
    const responses = HEADERS.flatMap((headers) =>
      ENDS.map((end) => `{"status":200,"headers":${headers},${end}`),
    )
    const others = [
      '{}',
      '{"url":"http://h/","headers":{"accept":"*/*"}}',
      '{"status":204,"headers":{},"empty":true}',
      '{"status":200,"headers":{},"extra":{"x":{},"held":4}}',
      '{"status":200,"held":1,"headers":{},"empty":true}',
    ]
    const all = [...responses, ...others]
    const repeated = new RepeatedFields()
    for (const before of all)
      for (const json of all) {
        repeated.parse(before)
        const text = JSON.stringify(repeated.parse(json))
        assert.equal(text, JSON.stringify(JSON.parse(json)), `${json} after ${before}`)
      }
  })

  it('shares the header fields of responses that repeat them', () => {
    const repeated = new RepeatedFields()
    const [one, other] = ENDS.map((end) => repeated.parse(`{"status":200,"headers":{"etag":"1"},${end}`))
    assert.equal(one?.headers, other?.headers)
    assert.notEqual(one?.held, other?.held)
  })

  it('throws what JSON.parse throws, and goes on', () => {
    const repeated = new RepeatedFields()
    assert.throws(() => repeated.parse('{"status":200,"headers":{},"held":'), SyntaxError)
    assert.deepEqual(repeated.parse('{"status":200,"headers":{},"held":1}'), {
      status: 200,
      headers: {},
      held: 1,
    })
  })
})
