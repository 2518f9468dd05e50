import assert from 'node:assert/strict'
import { maskingOf, maskPayload, masksPayloads, unmet } from '../../src/session/payload-masks.ts'
import { redactEvent } from '../../src/session/redact.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { assertLinear } from '../support/linear.ts'

function masked(text: string, ...mask: string[]): string {
  const payload = maskPayload(Buffer.from(text), maskingOf({ mask }))
  return payload === undefined ? text : Buffer.from(payload).toString()
}

describe('masking payloads', () => {
  const cases: readonly (readonly [what: string, mask: string, payload: string, expected: string])[] = [
    // By name
    [
      'a member',
      'password',
      '{"user":"a", "password" : "S3CR3T", "n":1.50}',
      '{"user":"a", "password" : "***", "n":1.50}',
    ],
    ['a member whatever its case', 'Password', '{"PASSWORD":"S3CR3T"}', '{"PASSWORD":"***"}'],
    [
      'members at any depth',
      'token',
      '[{"a":{"token":"S3CR3T"}},{"token":"S3CR3T"}]',
      '[{"a":{"token":"***"}},{"token":"***"}]',
    ],
    ['a number', 'pin', '{"pin":1234,"b":2}', '{"pin":"***","b":2}'],
    ['an object', 'auth', '{"auth":{"a":["}",{"b":"S3CR3T"}]},"b":2}', '{"auth":"***","b":2}'],
    ['an escaped name', 'password', '{"pass\\u0077ord":"S3CR3T"}', '{"pass\\u0077ord":"***"}'],
    [
      'a string with escapes',
      'password',
      '{"password":"a\\\\","b":"\\"password\\":1"}',
      '{"password":"***","b":"\\"password\\":\\"***\\""}',
    ],
    ['a member of a packet', 'token', '40/admin,{"token":"S3CR3T"}', '40/admin,{"token":"***"}'],
    ['JSON within JSON', 'pass', 'a["{\\"pass\\":\\"S3CR3T\\"}"]', 'a["{\\"pass\\":\\"***\\"}"]'],
    ['a field of a form', 'pin', 'user=a&pin=S3CR3T%20x&b=1', 'user=a&pin=***&b=1'],
    ['a field within another', 'pin', 'user[pin]=S3CR3T&b=1', 'user[pin]=***&b=1'],
    [
      'a STOMP header',
      'passcode',
      'CONNECT\nlogin:a\npasscode:S3CR3T word\n\n\0',
      'CONNECT\nlogin:a\npasscode:***\n\n\0',
    ],
    ['NATS', 'pass', 'CONNECT {"user":"a","pass":"S3CR3T"}\r\n', 'CONNECT {"user":"a","pass":"***"}\r\n'],
    [
      'connectionParams',
      'connectionParams',
      '{"type":"connection_init","payload":{"connectionParams":{"a":"S3CR3T"}}}',
      '{"type":"connection_init","payload":{"connectionParams":"***"}}',
    ],
    ['torn JSON', 'password', '{"password":"S3CR3T', '{"password":"***'],
    // By path
    [
      'what a path leads to',
      '$.auth.token',
      '{"auth":{"token":"S3CR3T"},"token":"kept"}',
      '{"auth":{"token":"***"},"token":"kept"}',
    ],
    [
      'a path into an array',
      '$[1].key',
      '[{"key":"kept"},{"key":"S3CR3T"}]',
      '[{"key":"kept"},{"key":"***"}]',
    ],
    [
      'a path with wildcards',
      '$..[?@.type=="auth"].value',
      '{"a":[{"type":"auth","value":12},{"type":"b","value":1.0}]}',
      '{"a":[{"type":"auth","value":"***"},{"type":"b","value":1.0}]}',
    ],
    [
      'a path anywhere',
      '$..token',
      '{"a":[{"token":{"x":1}}], "token" : null}',
      '{"a":[{"token":"***"}], "token" : "***"}',
    ],
    ['all of it', '$', ' {"a":1} ', ' "***" '],
    [
      'a path in a packet',
      '$[1].token',
      '42/ns,17["auth",{"token":"S3CR3T","n":10000000000000000001}]',
      '42/ns,17["auth",{"token":"***","n":10000000000000000001}]',
    ],
    [
      'a path in records',
      '$.a',
      '{"a":"S3CR3T"}\x1e{"b":1}\x1e{"a":2}\x1e',
      '{"a":"***"}\x1e{"b":1}\x1e{"a":"***"}\x1e',
    ],
    ['a path in lines', '$.a', '{"a":1}\n\n{"a":2}\n', '{"a":"***"}\n\n{"a":"***"}\n'],
    ['a name that comes twice', '$.a', '{"a":"S3CR3T","a":"S3CR3T"}', '{"a":"***","a":"***"}'],
    ['odd names', "$['a.b']['\\u00e9\"']", '{"a.b":{"\\u00e9\\"":"S3CR3T"}}', '{"a.b":{"\\u00e9\\"":"***"}}'],
  ]
  for (const [what, mask, payload, expected] of cases)
    it(`masks ${what}`, () => {
      assert.equal(masked(payload, mask), expected)
      assert.equal(masked(expected, mask), expected, 'masking twice changes nothing')
    })

  for (const [mask, payload] of [
    ['password', '{"user":"password","a":["password"],"passwords":1}'],
    ['token', 'the token is broken'],
    ['$.token', '{"a":{"token":1}}'],
    ['$.token', 'token=1'],
    ['$[0]', '42'],
    ['a', ''],
  ] as const)
    it(`does not find ${mask} in ${payload}`, () => {
      assert.equal(maskPayload(Buffer.from(payload), maskingOf({ mask: [mask] })), undefined)
    })

  it('does not change a payload that is not text', () => {
    assert.equal(
      maskPayload(Buffer.from('ff7b2261223a317d', 'hex'), maskingOf({ mask: ['a', '$.a'] })),
      undefined,
    )
  })

  it('masks several values, and returns their names', () => {
    const names = new Set<string>()
    const masking = maskingOf({ mask: ['pin', '$.a', '$.b', 'c'], masked: names })
    const payload = maskPayload(Buffer.from('{"PIN":true,"a":null}'), masking)
    assert.equal(Buffer.from(payload ?? []).toString(), '{"PIN":"***","a":"***"}')
    assert.deepEqual([...names], ['PIN', '$.a'])
    assert.deepEqual(unmet(['pin', '$.a', '$.b', 'c'], names), ['$.b', 'c'])
  })

  it('does not mask what is revealed', () => {
    const masking = maskingOf({ mask: ['pin', '$.a'], reveal: ['pin', '$.a'] })
    assert.equal(maskPayload(Buffer.from('{"pin":1,"a":2}'), masking), undefined)
  })

  for (const mask of ['', ' ', '$.[', '$x', 'x'.repeat(201)])
    it(`refuses ${JSON.stringify(mask.slice(0, 10))} as a mask`, () => {
      assert.throws(() => maskingOf({ mask: [mask] }), { code: 'BAD_MASK' })
    })

  it('masks a whole payload if a path takes too long or nests too deeply', () => {
    const deep = '[[[['.repeat(2500) + ']]]]'.repeat(2500)
    assert.equal(masked(deep, '$..token'), '"***"')
    assert.equal(masked(`[${'[1],'.repeat(20_000)}1]`, '$..[?count($$..*)>1]'.replace('$$', '$')), '"***"')
  })

  it('takes linear time', () => {
    for (const piece of [
      '"pin":',
      '"',
      '\\"pin\\":\\"',
      '{"pin":',
      '[',
      '\n[',
      '{',
      '{"a":1}\n',
      'pin:',
      'pin=',
      ' ',
    ])
      assertLinear(
        piece,
        (size) => piece.repeat(size / piece.length),
        (text) => masked(text, 'pin', '$.a'),
      )
  })

  it('marks the event as masked, with its original size', () => {
    const message: RealtimeEvent = {
      ...{ type: 'message', connection: 1, time: 0, direction: 'out', wireSize: 30 },
      payload: Buffer.from('{"pin":123456789}'),
    }
    const masking = maskingOf({ mask: ['pin'] })
    const { wireSize: _, ...rest } = message
    const once = redactEvent(message, masking)
    assert.deepEqual(once, {
      ...rest,
      payload: Buffer.from('{"pin":"***"}'),
      extra: { originalSize: 17, masked: true },
    })
    assert.deepEqual(redactEvent(once, maskingOf({ mask: ['$'] })), {
      ...rest,
      payload: Buffer.from('"***"'),
      extra: { originalSize: 17, masked: true },
    })
    assert.equal(redactEvent(message, maskingOf({ mask: ['other'] })), message)
  })

  it('masks fields of that name in all other places', () => {
    const connect: RealtimeEvent = {
      ...{ type: 'connect', connection: 1, time: 0, transport: 'poll', attempt: 0 },
      url: 'http://h/?room=S3CR3T&b=1',
      headers: { 'X-Room': 'kept', room: 'S3CR3T' },
      body: '{"room":"S3CR3T","b":1}',
    }
    assert.deepEqual(redactEvent(connect, maskingOf({ mask: ['room'] })), {
      ...connect,
      url: 'http://h/?room=***&b=1',
      headers: { 'X-Room': 'kept', room: '***' },
      body: '{"room":"***","b":1}',
    })
    assert.equal(masksPayloads(maskingOf({})), false)
  })
})
