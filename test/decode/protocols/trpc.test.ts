import assert from 'node:assert/strict'
import type { ConnectionFacts } from '../../../src/decode/decoder.ts'
import { DECODERS } from '../../../src/decode/decoders.ts'
import { decodeAll, message } from './recordings.ts'
import { itIsRobust } from './robust.ts'

const TRPC = DECODERS.find(({ name }) => name === 'trpc') ?? assert.fail()
const factsOf = (path: string): ConnectionFacts => ({
  connection: 1,
  transport: 'poll',
  method: 'POST',
  url: `http://host.example/api/trpc/${path}`,
})

/** The body of a request, and of its response. */
function exchange(path: string, request: unknown, response: unknown) {
  const facts = factsOf(path)
  const of = { facts, url: facts.url ?? '' }
  return [
    message(JSON.stringify(request), { ...of, direction: 'out', isRequest: true }),
    message(JSON.stringify(response), of),
  ]
}

describe('tRPC over HTTP', () => {
  it('decodes requests and their results, with the procedure of the URL', () => {
    assert.deepEqual(decodeAll(TRPC, exchange('user.add', { a: 1 }, { result: { data: 3 } })), [
      { kind: 'request', name: 'user.add', value: { a: 1 }, asks: 'call 0' },
      { kind: 'response', name: 'user.add', value: 3, answersTo: 'call 0' },
    ])
    const error = { message: 'no', code: -32003 }
    assert.deepEqual(decodeAll(TRPC, exchange('a', 1, { error }))[1], {
      kind: 'error',
      name: 'a',
      value: error,
      answersTo: 'call 0',
    })
  })

  it('decodes the procedures of a batch one by one', () => {
    const error = { message: 'no' }
    const talk = exchange('add,user.get%2Cx?batch=1', { 0: [1, 2] }, [
      { result: { data: 3 } },
      { error },
      { result: {} },
    ])
    assert.deepEqual(decodeAll(TRPC, talk), [
      { kind: 'request', name: 'add', value: [1, 2], asks: 'call 0' },
      { kind: 'request', name: 'user.get', asks: 'call 1' },
      { kind: 'request', name: 'x', asks: 'call 2' },
      { kind: 'response', name: 'add', value: 3, answersTo: 'call 0' },
      { kind: 'error', name: 'user.get', value: error, answersTo: 'call 1' },
      { kind: 'response', name: 'x', answersTo: 'call 2' },
    ])
  })

  it('is recognized by its path, but not over WebSocket', () => {
    assert.equal(TRPC.recognize(factsOf('a')), 'path /api/trpc/a')
    assert.equal(TRPC.recognize({ ...factsOf('a'), transport: 'websocket' }), undefined)
  })

  itIsRobust(TRPC, ['trpc', 'trpc-sse'], factsOf('add,b?batch=1'), exchange('a', {}, [{ result: {} }]))
})
