import assert from 'node:assert/strict'
import type { WebSocket } from 'ws'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { LiveEngine } from '../support/live-engine.ts'
import { serveWebSocket } from '../support/loopback.ts'

describe('rules of a live connection', () => {
  let live: LiveEngine
  let id: number
  let peers: WebSocket[]

  beforeEach(async () => {
    live = new LiveEngine()
    peers = []
    const url = await serveWebSocket((peer) => peers.push(peer))
    id = await live.connect({ url, reconnect: 1 })
  })
  afterEach(() => live.close())

  function status(): ConnectionStatus {
    return live.engine.status().connections.find((each) => each.id === id) ?? assert.fail('no connection')
  }

  async function sent(): Promise<unknown[]> {
    const { lines } = await live.engine.handlers.lines({ from: 0, max: 1000 })
    return lines
      .map((line) => JSON.parse(line))
      .filter(({ direction }) => direction === 'out')
      .map(({ text, automatic }) => [text, automatic])
  }

  it('answer until they are switched off, and again when they are switched on', async () => {
    const { handlers } = live.engine
    await handlers.addRule({ id, rule: { filter: 'ping', text: '{{$counter}}' } })
    peers[0]?.send('ping')
    await live.until(() => status().rules?.[0]?.count === 1)
    await handlers.switchRule({ id, index: 0, on: false })
    assert.equal(status().rules?.[0]?.ended, 'The rule is switched off.')
    peers[0]?.send('ping')
    await live.until(() => status().messagesIn === 2)
    await handlers.switchRule({ id, index: 0, on: true })
    peers[0]?.send('ping')
    await live.until(() => status().rules?.[0]?.count === 2)
    assert.deepEqual(status().rules, [{ filter: 'ping', text: '{{$counter}}', count: 2 }])
    await handlers.removeRule({ id, index: 0 })
    assert.deepEqual(status().rules, [])
  })

  it('answer again after they were switched off while their regular expression ran', async () => {
    const { handlers } = live.engine
    await handlers.addRule({ id, rule: { filter: '/^(a+)+$/', text: 'found' } })
    // Takes longer than the expression may take.
    peers[0]?.send(`${'a'.repeat(40)}!`)
    await live.until(() => status().messagesIn === 1)
    await handlers.switchRule({ id, index: 0, on: false })
    await handlers.switchRule({ id, index: 0, on: true })
    peers[0]?.send('aaa')
    await live.until(() => status().rules?.[0]?.count === 1)
  })

  it('know what a connection said before they were added', async () => {
    peers[0]?.send('{"jsonrpc":"2.0","id":1,"method":"first"}')
    await live.until(() => status().messagesIn === 1)
    await live.engine.handlers.addRule({ id, rule: { filter: 'protocol:json-rpc', text: '{{$.id}}' } })
    peers[0]?.send('{"jsonrpc":"2.0","id":2,"method":"second"}')
    await live.until(() => status().messagesOut === 1)
    assert.equal(status().rules?.[0]?.count, 1)
  })

  it('set a variable for messages that are composed later, mark, and disconnect, each as such', async () => {
    const { handlers } = live.engine
    await handlers.addRule({ id, rule: { filter: 'room', text: '@set room = $.room' } })
    await handlers.addRule({ id, rule: { filter: 'room', text: '@mark now in {{room}}' } })
    peers[0]?.send('{"room":"blue"}')
    await live.until(() => status().rules?.[1]?.count === 1)
    assert.deepEqual(status().script?.variables, { room: 'blue' })
    await handlers.send({
      id,
      message: { format: 'text', text: 'join {{room}}', variables: { room: 'red' } },
    })
    await live.until(() => status().messagesOut === 1)
    assert.deepEqual(await sent(), [['join blue', undefined]])
    await handlers.addRule({ id, rule: { filter: 'bye', text: '@disconnect 4001 bye' } })
    peers[0]?.send('bye')
    await live.until(() => status().state === 'closed')
    const { lines } = await handlers.lines({ from: 0, max: 1000 })
    const events = lines.map((line) => JSON.parse(line))
    assert.deepEqual(
      events
        .filter(({ rule }) => rule !== undefined)
        .map(({ type, text, by, rule }) => [type, text ?? by, rule]),
      [
        ['mark', 'now in blue', 'room => @mark now in {{room}}'],
        ['close', 'client', 'bye => @disconnect 4001 bye'],
      ],
    )
  })

  it('of a request are there from its first message on, and so is its keep-alive message', async () => {
    const url = await serveWebSocket((peer) => peer.send('first'))
    const opened = await live.engine.handlers.connect({
      spec: { url },
      rules: [
        {
          filter: 'first',
          text: 'to {{who}}',
          variables: { who: 'you' },
          written: { filter: 'first', text: 'to {{name}}' },
        },
      ],
      keepAlive: { interval: 100, message: { format: 'text', text: 'beat', variables: {} } },
    })
    const find = () => live.engine.status().connections.find((each) => each.id === opened.id)
    await live.until(() => find()?.rules?.[0]?.count === 1 && (find()?.keepAlive?.sent ?? 0) > 1)
    assert.deepEqual(find()?.rules, [{ filter: 'first', text: 'to {{name}}', isFromFile: true, count: 1 }])
    assert.deepEqual((await sent())[0], ['to you', 'rule'])
  })

  it('are refused with a sentence if they are not valid', async () => {
    const rule = { filter: 'size:big', text: '' }
    await assert.rejects(async () => live.engine.handlers.addRule({ id, rule }), { code: 'BAD_RULE' })
  })

  it('and keep-alives continue after a reconnect', async () => {
    const { handlers } = live.engine
    await handlers.addRule({ id, rule: { filter: 'hello', text: 'hi' } })
    await handlers.keepAlive({ id, message: { format: 'text', text: 'beat' }, interval: 100 })
    peers[0]?.terminate()
    await live.until(() => peers.length === 2 && status().state === 'open')
    const { sent = 0 } = status().keepAlive ?? {}
    peers[1]?.send('hello')
    await live.until(() => status().rules?.[0]?.count === 1)
    await live.until(() => (status().keepAlive?.sent ?? 0) > sent)
    await handlers.stopKeepAlive({ id })
    assert.equal(status().keepAlive, undefined)
  })

  it('and keep-alives mark what they send', async () => {
    const { handlers } = live.engine
    await handlers.addRule({ id, rule: { filter: 'hello', text: 'hi' } })
    peers[0]?.send('hello')
    await live.until(() => status().messagesOut === 1)
    await handlers.keepAlive({ id, message: { format: 'text', text: 'beat' }, interval: 60_000 })
    await live.until(() => status().messagesOut === 2)
    await live.engine.handlers.send({ id, message: { format: 'text', text: 'mine' } })
    assert.deepEqual(await sent(), [
      ['hi', 'rule'],
      ['beat', 'keep-alive'],
      ['mine', undefined],
    ])
  })

  it('and keep-alives have limits', async () => {
    const { handlers } = live.engine
    const message = { format: 'text', text: 'x' } as const
    for (const interval of [0, 99, 1.5, Number.NaN, 86_400_001])
      await assert.rejects(async () => handlers.keepAlive({ id, message, interval }), { code: 'BAD_REPEAT' })
    for (let n = 0; n < 100; n++) await handlers.addRule({ id, rule: { filter: 'x', text: 'y' } })
    await assert.rejects(async () => handlers.addRule({ id, rule: { filter: 'x', text: 'y' } }), {
      code: 'TOO_MANY_RULES',
    })
  })
})
