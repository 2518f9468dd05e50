import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { parseCursor } from '../../src/shared/cursor.ts'
import { withParams } from '../../src/shared/url-params.ts'
import { afterBody, afterHead, applyPosition, withCursorHeaders } from '../../src/transport/cursor.ts'
import { newResumeState } from '../../src/transport/transport.ts'

function jsonCursor(pointer: string) {
  const cursor = parseCursor(`json:${pointer}:since`)
  assert.ok(cursor.kind === 'json')
  return cursor
}

describe('a cursor', () => {
  it('is read from its short forms', () => {
    assert.deepEqual(parseCursor(undefined), { kind: 'auto' })
    assert.deepEqual(parseCursor('auto'), { kind: 'auto' })
    assert.deepEqual(parseCursor('none'), { kind: 'none' })
    assert.deepEqual(parseCursor('header:X-Consul-Index:index'), {
      kind: 'header',
      name: 'x-consul-index',
      param: 'index',
    })
    assert.deepEqual(parseCursor('json:/last_seq:since'), {
      kind: 'json',
      at: '/last_seq',
      shown: '/last_seq',
      isNext: false,
      param: 'since',
    })
    assert.deepEqual(parseCursor('json:/a:b/~1c+1:x'), {
      ...{ kind: 'json', at: '/a:b/~1c+1', shown: '/a:b/~1c+1', isNext: false, param: 'x' },
    })
    assert.deepEqual(parseCursor("json:$.result[-1]['a:b'].update_id+1:offset"), {
      kind: 'json',
      at: ['result', -1, 'a:b', 'update_id'],
      shown: "$.result[-1]['a:b'].update_id",
      isNext: true,
      param: 'offset',
    })
  })

  it('is rejected with a sentence if it is invalid', () => {
    const wrong = [
      '',
      'etag',
      'header',
      'header:',
      'header:X',
      'header:X:',
      'header::x',
      'header:A B:x',
      'json:last_seq:since',
      'json:/a',
      'json:/a:',
      'json:/~2:x',
      'json:$:x',
      'json:$+1:x',
      'json:$..a:x',
      'json:$.a[*]:x',
      'json:$.a+2:x',
      `json:$${'.a'.repeat(33)}:x`,
      'cookie:a:b',
    ]
    for (const text of wrong)
      assert.throws(() => parseCursor(text), {
        code: 'BAD_CURSOR',
        message: /write auto, none, header:NAME:PARAM/,
      })
  })

  it('is added to the query, which is otherwise unchanged', () => {
    assert.equal(withParams('http://a/x?b=%20+c&d#f', {}), 'http://a/x?b=%20+c&d#f')
    assert.equal(
      withParams('http://a/x?b=%20+c&d#f', { since: '1 2&3' }),
      'http://a/x?b=%20+c&d&since=1%202%263#f',
    )
    assert.equal(withParams('http://a/?since=old&b=1&sinc%65=x', { since: 'new' }), 'http://a/?b=1&since=new')
    assert.equal(withParams('http://a', { p: '1' }), 'http://a/?p=1')
  })

  it('replaces the user’s header fields of that name', () => {
    assert.deepEqual(withCursorHeaders({ 'if-none-match': 'x', A: 'b' }, { 'If-None-Match': '"1"' }), {
      A: 'b',
      'If-None-Match': '"1"',
    })
  })

  it('keeps a validator that a later response lacks', () => {
    const resume = newResumeState()
    const cursor = parseCursor('auto')
    applyPosition(afterHead(cursor, { ETag: '"1"', 'Last-Modified': 'then' }, resume), resume)
    assert.deepEqual(resume.cursorHeaders, { 'If-None-Match': '"1"', 'If-Modified-Since': 'then' })
    applyPosition(afterHead(cursor, { ETag: '"2"' }, resume), resume)
    assert.deepEqual(resume.cursorHeaders, { 'If-None-Match': '"2"', 'If-Modified-Since': 'then' })
    assert.equal(resume.cursor, '"2" then')
  })

  it('does not move if a header repeats its value or is missing', () => {
    const resume = newResumeState()
    const cursor = parseCursor('header:X-Index:index')
    assert.equal(afterHead(cursor, {}, resume).moved, true)
    const first = afterHead(cursor, { 'x-index': '5' }, resume)
    assert.equal(first.moved, true)
    applyPosition(first, resume)
    assert.deepEqual(resume.cursorParams, { index: '5' })
    assert.equal(afterHead(cursor, { 'x-index': '5' }, resume).moved, false)
    assert.equal(afterHead(cursor, {}, resume).moved, false)
    assert.equal(afterHead(cursor, { 'x-index': '6' }, resume).moved, true)
  })

  it('is found in JSON by its pointer, with all digits of numbers', () => {
    const resume = newResumeState()
    const found = (pointer: string, json: string) =>
      afterBody(jsonCursor(pointer), Buffer.from(json), resume).cursor
    assert.equal(found('/last_seq', '{"last_seq":"5-abc"}'), '5-abc')
    assert.equal(found('/a/1/b', '{"a":[0,{"b":12}]}'), '12')
    assert.equal(found('/id', '{"id":9007199254740993123}'), '9007199254740993123')
    assert.equal(found('/seq', '{"seq":[1,"x"]}'), '[1,"x"]')
    for (const json of ['{}', '[]', 'null', '5', '{"x":null}']) assert.equal(found('/x/y', json), undefined)
    assert.throws(() => found('/x', '<html>'), { code: 'BAD_CURSOR', message: /not JSON/ })
  })

  it('is found in JSON by a path of names and positions, and is the next number with +1', () => {
    const resume = newResumeState()
    const found = (path: string, json: string) => afterBody(jsonCursor(path), Buffer.from(json), resume)
    const updates = '{"ok":true,"result":[{"update_id":7},{"update_id":9007199254740993}]}'
    assert.equal(found('$.result[0].update_id', updates).cursor, '7')
    assert.equal(found('$.result[-1].update_id', updates).cursor, '9007199254740993')
    assert.equal(found('$.result[-1].update_id+1', updates).cursor, '9007199254740994')
    for (const json of ['{"result":[]}', '{}', '[]', 'null', '{"result":{"-1":{"update_id":1}}}'])
      assert.deepEqual(
        [found('$.result[-1].update_id+1', json).cursor, found('$.result[-1].update_id', json).moved],
        [undefined, false],
      )
    assert.equal(found('$.constructor', '{}').cursor, undefined)
    assert.throws(() => found('$.a+1', '{"a":"x"}'), { code: 'BAD_CURSOR', message: /not a whole number/ })
  })

  it('is dropped if the number in a header falls', () => {
    const resume = newResumeState()
    const cursor = parseCursor('header:X-Index:index')
    const read = (value: string) => {
      applyPosition(afterHead(cursor, { 'x-index': value }, resume), resume)
      return resume.cursorParams
    }
    assert.deepEqual(read('99999999999999999999'), { index: '99999999999999999999' })
    assert.deepEqual(read('5'), {})
    assert.equal(resume.cursor, undefined)
    assert.deepEqual(read('5'), { index: '5' })
    assert.deepEqual(read('a'), { index: 'a' })
    assert.deepEqual(read('4'), { index: '4' })
  })
})
