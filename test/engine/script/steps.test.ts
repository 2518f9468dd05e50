/** The steps of a script, over real WebSockets. */
import assert from 'node:assert/strict'
import type { WebSocket } from 'ws'
import { becomes } from '../../support/eventually.ts'
import { serveWebSocket } from '../../support/loopback.ts'
import { receives, ScriptSession, text, WAIT } from '../../support/script-session.ts'

describe('the script of a request', () => {
  let session: ScriptSession

  beforeEach(() => {
    session = new ScriptSession()
  })
  afterEach(() => session.live.close())

  it('sends its messages in order once the connection is open, as messages of the user', async () => {
    const { peer, got } = await session.open({ steps: [text('one'), text('two'), text('three')] })
    await receives(peer, got, 3)
    assert.deepEqual(got, ['one', 'two', 'three'])
    await session.until(({ done }) => done === 3)
    const { sent, ...status } = session.status
    assert.deepEqual(status, { done: 3, of: 3, variables: {} })
    assert.deepEqual(
      sent.map(({ step }) => step),
      [0, 1, 2],
    )
    const events = await session.events()
    const outbound = events.filter(({ direction }) => direction === 'out')
    assert.deepEqual(
      outbound.map((event) => [event.text, event.automatic]),
      [
        ['one', undefined],
        ['two', undefined],
        ['three', undefined],
      ],
    )
  })

  it('waits for one message at each wait, of those that came since it last sent one', async () => {
    const { peer, got } = await session.open({ steps: [WAIT, text('one'), WAIT, WAIT, text('two')] })
    assert.equal(session.status.waitsFor, 'message')
    peer.send('hello')
    peer.send('too early')
    await receives(peer, got, 1)
    peer.send('first answer')
    await session.live.until(() => session.connection.messagesIn === 3)
    await session.until(({ done }) => done === 3)
    assert.equal(session.status.waitsFor, 'message')
    assert.deepEqual(got, ['one'])
    peer.send('second answer')
    await receives(peer, got, 2)
    assert.deepEqual(got, ['one', 'two'])
    await session.until(({ done, waitsFor }) => done === 5 && waitsFor === undefined)
  })

  it('sends nothing before all of what came in the same chunk is recorded', async () => {
    const { peer, got } = await session.open({ steps: [text('go'), WAIT, text('one')] })
    await receives(peer, got, 1)
    const socket = (peer as unknown as { _socket: { cork(): void; uncork(): void } })._socket
    socket.cork()
    for (const content of ['a', 'b', 'c']) peer.send(content)
    socket.uncork()
    await receives(peer, got, 2)
    const events = await session.events()
    const messages = events.filter(({ type }) => type === 'message').map((event) => event.text)
    assert.deepEqual(messages, ['go', 'a', 'b', 'c', 'one'])
  })

  it('goes on after a reconnect where it was, and sends nothing again', async () => {
    const peers: WebSocket[] = []
    const got: string[] = []
    const url = await serveWebSocket((peer) => {
      peers.push(peer)
      peer.on('message', (data) => {
        got.push(String(data))
        if (String(data) === 'one') peer.terminate()
      })
    })
    await session.connect({ url, reconnect: 1 }, { steps: [text('one'), WAIT, text('two')] })
    await session.live.until(() => peers.length === 2 && session.connection.state === 'open')
    assert.deepEqual(got, ['one'])
    peers[1]?.send('late answer')
    await session.until(({ done }) => done === 3)
    peers[1]?.terminate()
    await session.live.until(() => peers.length === 3 && session.connection.state === 'open')
    await session.handlers.send({ id: session.id, message: { format: 'text', text: 'mine' } })
    await becomes(() => [...got], ['one', 'two', 'mine'])
  })

  it('says why it does not continue if the connection ends first', async () => {
    const { peer } = await session.open({ steps: [text('one'), WAIT, text('two')] }, { reconnect: 'never' })
    peer.close()
    const problem = 'The connection ended after 1 of 3 steps of the request, while it waited for a message.'
    await session.until((status) => status.problem === problem)
    assert.equal(session.status.waitsFor, undefined)
    assert.ok(session.live.log.some(({ level, message }) => level === 'warn' && message === problem))
  })

  it('runs again when the user asks, but not twice at a time', async () => {
    const { peer, got } = await session.open({ steps: [text('{{$counter}}'), WAIT, text('{{$counter}}')] })
    await receives(peer, got, 1)
    assert.throws(() => session.handlers.sendScript({ id: session.id }), { code: 'SENDING' })
    peer.send('answer')
    await session.until(({ done }) => done === 3)
    await session.handlers.sendScript({ id: session.id })
    await receives(peer, got, 3)
    assert.equal(session.status.waitsFor, 'message')
    await session.handlers.stopScript({ id: session.id })
    assert.equal(session.status.problem, 'Stopped after 1 of 3 steps.')
    peer.send('answer')
    await session.live.until(() => session.connection.messagesIn === 2)
    assert.deepEqual(got, ['1', '2', '3'])
  })

  it('sends one message by hand, even while it waits', async () => {
    const steps = [text('one'), WAIT, text('two')]
    const { peer, got } = await session.open({ steps })
    await receives(peer, got, 1)
    await session.handlers.sendStep({ id: session.id, step: 2 })
    await receives(peer, got, 2)
    assert.deepEqual(got, ['one', 'two'])
    assert.equal(session.status.waitsFor, 'message')
    assert.deepEqual(
      session.status.sent.map(({ step }) => step),
      [0, 2],
    )
    assert.throws(() => session.handlers.sendStep({ id: session.id, step: 1 }), { code: 'BAD_STEP' })
    assert.throws(() => session.handlers.sendStep({ id: session.id, step: 3 }), { code: 'BAD_STEP' })
  })

  it('sends nothing by itself if it is manual', async () => {
    const { peer, got } = await session.open({ steps: [text('one'), text('two')], isManual: true })
    assert.equal(session.status.waitsFor, undefined)
    await session.handlers.sendStep({ id: session.id, step: 1 })
    await receives(peer, got, 1)
    await session.handlers.sendScript({ id: session.id })
    await receives(peer, got, 3)
    assert.deepEqual(got, ['two', 'one', 'two'])
  })

  it('stops at a variable that nobody knows, with a sentence', async () => {
    const steps = [text('one'), { ...text('{{who}}'), name: 'greet' }, text('three')] as const
    const { peer, got } = await session.open({ steps })
    await session.until(({ problem }) => problem !== undefined)
    assert.match(
      session.status.problem ?? '',
      /^The message "greet" was not sent: there is no variable \{\{who\}\}/,
    )
    assert.equal(session.status.done, 1)
    await receives(peer, got, 1)
    assert.throws(() => session.handlers.sendStep({ id: session.id, step: 1 }), { code: 'UNKNOWN_VARIABLE' })
    assert.ok(session.live.log.some(({ message }) => message === session.status.problem))
    assert.deepEqual(got, ['one'])
  })

  it('fills only messages that say so, and sends bytes as they are', async () => {
    const { peer, got } = await session.open({
      steps: [
        { kind: 'send', message: { format: 'text', text: '{{who}}' } },
        { kind: 'send', message: { format: 'json', text: '{"to":"{{who}}"}', variables: {} } },
        { kind: 'send', message: { format: 'base64', text: 'e3t3aG99fQ==' } },
      ],
      variables: { who: 'a "friend"' },
    })
    await receives(peer, got, 3)
    assert.deepEqual(got, ['{{who}}', '{"to":"a \\"friend\\""}', '{{who}}'])
  })

  it('is refused with a sentence if it is not valid, before anything is connected', async () => {
    const url = await serveWebSocket(() => {})
    for (const values of [
      [{ name: 'a', path: 'no path' }],
      [{ name: 'a', path: '$.a', filter: 'type:' }],
      [{ name: 'a', path: '$1' }],
      [{ name: 'a', path: '$.a', filter: 'is:unanswered' }],
    ])
      await assert.rejects(session.connect({ url }, { values }), { code: 'BAD_SCRIPT' })
    const steps = Array.from({ length: 1001 }, () => WAIT)
    await assert.rejects(session.connect({ url }, { steps }), { code: 'BAD_SCRIPT' })
    assert.deepEqual(session.live.engine.status().connections, [])
  })
})
