import assert from 'node:assert/strict'
import { removeTempDirs } from '../../support/temp-dir.ts'
import { Filled } from './support.ts'

describe('what belongs to an event', () => {
  let filled: Filled
  beforeEach(() => {
    filled = new Filled()
    filled.connect('ws://host/')
    filled.open()
  })
  afterEach(() => {
    filled.capture.close()
    removeTempDirs()
  })

  const related = async (index: number) => await filled.calls.related({ index })
  /** Everything is decoded. */
  const decoded = async () => {
    while (filled.decoding.readTo(filled.capture.count) < filled.capture.count)
      await new Promise((resolve) => setImmediate(resolve))
  }
  const answerOf = async (index: number) => (await related(index)).pair

  it('is the response to a request as its protocol says, and vice versa, whatever is between them', async () => {
    const request = filled.message('{"jsonrpc":"2.0","id":7,"method":"a"}', 'out')
    filled.message('{"jsonrpc":"2.0","id":8,"result":0}')
    filled.message('{"jsonrpc":"2.0","id":7,"method":"theirs"}')
    filled.message('{"id":7,"result":1}', 'in', 2)
    filled.message('not JSON {"id":7}')
    const response = filled.message(' {"jsonrpc":"2.0","id":7,"error":{"code":1}}')
    await decoded()
    const answer = { by: 'protocol', request, response, took: 50 }
    assert.deepEqual(await answerOf(request), answer)
    assert.deepEqual(await answerOf(response), answer)
    assert.equal(filled.pairs.latency(response), 50)
  })

  it('is every answer that the protocol says, though only the first one has a latency', async () => {
    filled.message('{"type":"connection_init"}', 'out')
    filled.message('{"type":"connection_ack"}')
    const subscribe = filled.message('{"id":"1","type":"subscribe","payload":{"query":"{a}"}}', 'out')
    const answers = [1, 2].map((n) => filled.message(`{"id":"1","type":"next","payload":{"data":${n}}}`))
    await decoded()
    assert.equal((await answerOf(subscribe))?.response, answers[0])
    for (const answer of answers) assert.equal((await answerOf(answer))?.request, subscribe)
    assert.deepEqual(
      answers.map((answer) => filled.pairs.latency(answer)),
      [10, undefined],
    )
  })

  it('is the nearest one if an id is used again', async () => {
    filled.message('{"id":1,"method":"old"}', 'out')
    const first = filled.message('{"id":1,"result":"old"}')
    const again = filled.message('{"id":1,"method":"new"}', 'out')
    const second = filled.message('{"id":1,"result":"new"}')
    assert.equal((await answerOf(first))?.request, 2)
    assert.deepEqual((await answerOf(second))?.request, again)
    assert.deepEqual((await answerOf(again))?.response, second)
  })

  it('is found by other names of the id, even if neither has a role', async () => {
    const request = filled.message('{"request_id":"x","op":"subscribe"}', 'out')
    const response = filled.message('{"op":"subscribed","request_id":"x"}')
    assert.equal((await answerOf(response))?.request, request)
    assert.equal((await answerOf(request))?.response, response)
  })

  it('is the nearest of two requests with one id that are waiting', async () => {
    const one = filled.message('{"id":1,"method":"a"}', 'out')
    const other = filled.message('{"id":1,"method":"b"}', 'out')
    const response = filled.message('{"id":1,"result":0}')
    const again = filled.message('{"id":1,"result":0}')
    assert.equal((await answerOf(response))?.request, other)
    assert.equal((await answerOf(other))?.response, response)
    for (const index of [one, again]) assert.equal(await answerOf(index), null, `event ${index}`)
  })

  it('is nothing for the second response to one request', async () => {
    filled.message('{"id":1,"method":"a"}', 'out')
    filled.message('{"id":1,"result":0}')
    assert.equal(await answerOf(filled.message('{"id":1,"result":1}')), null)
  })

  it('is the response that we sent to a request of the peer', async () => {
    const request = filled.message('{"id":5,"method":"theirs"}')
    const response = filled.message('{"id":5,"result":0}', 'out')
    assert.equal((await answerOf(request))?.response, response)
    assert.equal((await answerOf(response))?.request, request)
  })

  it('is not a response of an earlier attempt', async () => {
    const request = filled.message('{"id":1,"method":"a"}', 'out')
    filled.open()
    filled.message('{"id":1,"result":"of the next connection"}')
    assert.equal(await answerOf(request), null)
  })

  it('is nothing for an event that is not a message, which is named by its type', async () => {
    assert.deepEqual(await related(1), { pair: null, previous: null, name: 'open', alike: null })
  })

  it('is the pong with the same data in the other direction', async () => {
    const ping = filled.control('ping', 'a', 'out')
    filled.control('pong', 'b', 'in')
    filled.control('pong', 'a', 'out')
    const pong = filled.control('pong', 'a', 'in')
    assert.deepEqual(await answerOf(ping), { by: 'ping', request: ping, response: pong, took: 30 })
    assert.deepEqual(await answerOf(pong), { by: 'ping', request: ping, response: pong, took: 30 })
  })

  it('is not the pong to two pings with the same data, and one pong answers one ping', async () => {
    const pings = [filled.control('ping', '', 'out'), filled.control('ping', '', 'out')]
    const pong = filled.control('pong', '', 'in')
    const later = filled.control('ping', '', 'out')
    const second = filled.control('pong', '', 'in')
    for (const index of [...pings, pong]) assert.equal(await answerOf(index), null, `event ${index}`)
    assert.equal((await answerOf(later))?.response, second)
  })

  it('is the previous message with the same name and direction', async () => {
    const first = filled.message('{"type":"trade","n":1}')
    filled.message('{"type":"trade","n":1}', 'out')
    filled.message('{"type":"trade"}', 'in', 2)
    filled.message('{"type":"quote"}')
    const second = filled.message('{"type":"trade","n":2}')
    const { previous, name } = await related(second)
    assert.deepEqual({ previous, name }, { previous: first, name: 'trade' })
    assert.equal((await related(first)).previous, null)
  })

  it('is how many of the 512 messages before have the same name, and their size', async () => {
    const trade = (size: number) => filled.message(`{"type":"trade"}`.padEnd(size))
    for (let i = 0; i < 20; i++) trade(900)
    for (let i = 0; i < 509; i++) filled.message('{"type":"quote"}')
    for (const size of [70, 30, 50]) trade(size)
    filled.message('{"type":"trade"}', 'out')
    const latest = trade(40)
    assert.deepEqual((await related(latest)).alike, { count: 3, among: 512, medianSize: 50 })
    assert.equal((await related(filled.message('{"type":"first of its kind"}'))).alike, null)
    assert.equal((await related(filled.control('ping', 'a', 'in'))).alike, null)
  })
})
