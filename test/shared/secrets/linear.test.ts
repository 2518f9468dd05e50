import { maskHeaders, maskSubprotocols, maskText, maskUrl } from '../../../src/shared/secrets.ts'
import { assertLinear } from '../../support/linear.ts'

/** Pieces of hostile text. Each of them starts a match of a pattern that then fails. */
const PIECES = [
  '-eyJaaaaa',
  '-eyJ.',
  '.eyJaaaaaa',
  'bearer ',
  'sk-',
  'a:',
  '://a:',
  '://x=',
  '//a:',
  '@',
  'token=',
  'token="',
  "token='",
  '"token":',
  '"token":"',
  '"token":{',
  'token\\"',
  '\\"token\\":\\"',
  '\\',
  'token: ',
  'token=a,',
  'password=,',
  'a=b;',
  '/bot1',
  '/webhooks/1',
  '%3F',
  '%25',
  '/a=',
  ';a=b',
  ' ',
  ' \n',
  '<',
  'Authorization: ',
  'aA',
] as const

describe('masking', () => {
  for (const piece of PIECES)
    it(`takes time proportional to an input of ${JSON.stringify(piece)}`, () => {
      const make = (size: number) => piece.repeat(size / piece.length)
      assertLinear('text', make, (text) => maskText(text))
      assertLinear(
        'url',
        (size) => `https://h/?a=${make(size)}`,
        (url) => maskUrl(url),
      )
      assertLinear(
        'path',
        (size) => `https://h/${make(size)}`,
        (url) => maskUrl(url),
      )
      assertLinear('header', make, (value) => maskHeaders({ 'x-a': value, [value]: 'x' }))
      assertLinear('subprotocols', make, (value) => maskSubprotocols([value]))
    })

  it('takes time proportional to an input that does not match at the end', () => {
    for (const [start, filler, end] of [
      ['', ' ', 'x'],
      ['token=', ' ', '\0'],
      ['bearer', ' ', '\n'],
      ['"', '\\"', ''],
      ['token="', '\\"', ''],
      ['//', 'a:', ''],
      ['https://', 'a:', ''],
      ['token:{', '[', ''],
    ] as const)
      assertLinear(
        start,
        (size) => start + filler.repeat(size / filler.length) + end,
        (text) => [maskText(text), maskUrl(text)],
      )
  })
})
