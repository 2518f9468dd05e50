/** Header fields of requests over HTTP/2. */
import assert from 'node:assert/strict'
import { lowerFields } from '../../../src/transport/http2/request-fields.ts'

describe('header fields over HTTP/2', () => {
  it('are their own values only, whatever their names', () => {
    const fields = lowerFields('http://feed.example/', [
      ['Constructor', ['a']],
      ['__proto__', ['b']],
      ['X-Tag', ['1']],
      ['x-tag', ['2']],
    ])
    assert.deepEqual(Object.entries({ ...fields }), [
      ['constructor', 'a'],
      ['__proto__', 'b'],
      ['x-tag', ['1', '2']],
    ])
  })
})
