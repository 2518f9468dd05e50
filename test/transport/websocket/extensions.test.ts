import assert from 'node:assert/strict'
import {
  type DeflateParameters,
  ExtensionError,
  formatDeflate,
  parseDeflateResponse,
} from '../../../src/transport/websocket/extensions.ts'

const NONE: DeflateParameters = {
  server_no_context_takeover: false,
  client_no_context_takeover: false,
  server_max_window_bits: undefined,
  client_max_window_bits: undefined,
}

describe('the extensions of a WebSocket', () => {
  const good: [field: string, agreed: Partial<DeflateParameters>][] = [
    ['permessage-deflate', {}],
    [' \tpermessage-deflate\t ', {}],
    [',permessage-deflate, ,', {}],
    ['permessage-deflate; server_max_window_bits=15', { server_max_window_bits: 15 }],
    ['permessage-deflate;server_max_window_bits=8', { server_max_window_bits: 8 }],
    ['permessage-deflate ; server_max_window_bits = 9 ', { server_max_window_bits: 9 }],
    ['permessage-deflate; server_max_window_bits="15"', { server_max_window_bits: 15 }],
    ['permessage-deflate; server_max_window_bits="1\\5"', { server_max_window_bits: 15 }],
    [
      'permessage-deflate; server_max_window_bits="\\1\\0" ; client_no_context_takeover',
      {
        server_max_window_bits: 10,
        client_no_context_takeover: true,
      },
    ],
    [
      'permessage-deflate; client_max_window_bits=10; server_no_context_takeover',
      {
        client_max_window_bits: 10,
        server_no_context_takeover: true,
      },
    ],
  ]
  for (const [field, agreed] of good)
    it(`accepts ${field}`, () => {
      assert.deepEqual(parseDeflateResponse(field), { ...NONE, ...agreed })
      assert.deepEqual(parseDeflateResponse(formatDeflate({ ...NONE, ...agreed })), { ...NONE, ...agreed })
    })

  const bad: [field: string, why: RegExp][] = [
    ['', /"" is not a list/],
    [' , ', /not a list/],
    ['permessage-deflate;', /not a list/],
    ['permessage-deflate; =1', /not a list/],
    ['permessage-deflate foo', /not a list/],
    ['permessage-deflate; server_max_window_bits=', /not a list/],
    ['permessage-deflate; server_max_window_bits="15', /not a list/],
    ['permessage-deflate; server_max_window_bits="15\\"', /not a list/],
    ['permessage-deflate; server_max_window_bits="1 5"', /not a list/],
    ['permessage-deflate; server_max_window_bits=""', /not a list/],
    ['permessage-deflate; server_max_window_bits=15"', /not a list/],
    ['"permessage-deflate"', /not a list/],
    ...['1e1', '0xa', '015', '7', '16', '+9', '9.0', '9_0', 'x'.repeat(500)].map((bits): [string, RegExp] => [
      `permessage-deflate; server_max_window_bits=${bits}`,
      /server_max_window_bits is ".{1,61}", not a number from 8 to 15/,
    ]),
    ['permessage-deflate; server_max_window_bits="1\\e1"', /is "1e1", not/],
    ['permessage-deflate; server_max_window_bits', /without a value, not a number/],
    ['permessage-deflate; client_max_window_bits', /client_max_window_bits is without a value/],
    ['permessage-deflate; client_max_window_bits=16', /client_max_window_bits is "16"/],
    ['permessage-deflate; server_no_context_takeover=1', /must not have a value/],
    ['permessage-deflate; client_no_context_takeover=""', /not a list/],
    ['permessage-deflate; unknown', /no parameter "unknown"/],
    ['permessage-deflate; __proto__=1', /no parameter "__proto__"/],
    ['permessage-deflate; SERVER_MAX_WINDOW_BITS=15', /no parameter/],
    ['permessage-deflate; client_no_context_takeover; client_no_context_takeover', /named twice/],
    ['permessage-deflate, permessage-deflate; server_max_window_bits=9', /named twice/],
    ['permessage-deflate, foo', /"foo" was not offered/],
    ['foo; a="permessage-deflate"', /"foo" was not offered/],
    ['PERMESSAGE-DEFLATE', /was not offered/],
    ['x-webkit-deflate-frame', /was not offered/],
  ]
  for (const [field, why] of bad)
    it(`rejects ${field.slice(0, 90)}`, () => {
      assert.throws(
        () => parseDeflateResponse(field),
        (thrown) => thrown instanceof ExtensionError && why.test(thrown.message),
      )
    })
})
