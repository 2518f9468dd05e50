import { parseCursor } from '../../src/shared/cursor.ts'
import { afterBody, afterHead } from '../../src/transport/cursor.ts'
import { contentTypeOf } from '../../src/transport/http/fields.ts'
import { followRedirect, locationText } from '../../src/transport/http/redirect.ts'
import { readExcerpt, retryAfter } from '../../src/transport/http/refusal.ts'
import { newResumeState } from '../../src/transport/transport.ts'
import { parseDeflateResponse } from '../../src/transport/websocket/extensions.ts'
import { redirected } from '../../src/transport/websocket/redirect.ts'
import { assertLinear } from '../support/linear.ts'

const LAST = { kind: 'json', at: '/last', shown: '/last', isNext: false, param: 'since' } as const
const HOP = { url: new URL('http://h.example/a'), method: 'GET', headers: {}, body: undefined }
const TARGET = { url: new URL('ws://h.example/a'), headers: {}, subprotocols: [] }

/** Functions that read a field or body of a peer. They may also reject it. */
const READERS: readonly [what: string, read: (text: string) => unknown][] = [
  ['Sec-WebSocket-Extensions', parseDeflateResponse],
  ['Sec-WebSocket-Extensions, a value', (text) => parseDeflateResponse(`permessage-deflate; a="${text}`)],
  ['Retry-After', retryAfter],
  ['Content-Type', (text) => contentTypeOf({ 'content-type': text })],
  ['Location', locationText],
  [
    'a redirect',
    (text) => followRedirect(HOP, { status: 302, headers: { location: text } }, { url: HOP.url.href }),
  ],
  ['a redirected handshake', (text) => redirected(TARGET, text, { url: TARGET.url.href })],
  [
    'a cursor',
    (text) => afterHead(parseCursor('header:X-Index:index'), { 'x-index': text }, newResumeState()),
  ],
  ['a cursor of a body', (text) => afterBody(LAST, Buffer.from(text), newResumeState())],
  [
    'the words of a refusal',
    (text) =>
      void readExcerpt({
        status: 400,
        headers: {},
        contentType: undefined,
        read: async (take) => take(Buffer.from(text)),
      }),
  ],
]

const PIECES = [
  'a',
  ' ',
  ',',
  ';',
  ';a',
  '=',
  ';a="',
  '\\',
  '"',
  '"\\',
  '#',
  '?',
  '/',
  '../',
  '%',
  '\u00e9',
  '<!--',
  '{"last":',
  '[',
  '1',
  '&a=',
  '.',
  '-',
] as const

describe('reading what a peer sends', () => {
  for (const [what, read] of READERS)
    it(`takes time in proportion to the length: ${what}`, () => {
      for (const piece of PIECES)
        assertLinear(
          `${what}, of ${piece}`,
          (size) => piece.repeat(Math.ceil(size / piece.length)),
          (text) => {
            try {
              read(text)
            } catch {
              // A rejection in time is fine.
            }
          },
        )
    })
})
