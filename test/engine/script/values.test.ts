/** Values of messages that a script keeps, over each kind of transport. */
import assert from 'node:assert/strict'
import { serveHttp } from '../../support/loopback.ts'
import { closeProtocolServers, serveSocketIo } from '../../support/protocol-servers.ts'
import { receives, ScriptSession, text, WAIT } from '../../support/script-session.ts'

describe('a value that a message has', () => {
  let session: ScriptSession

  beforeEach(() => {
    session = new ScriptSession()
  })
  afterEach(async () => {
    await session.live.close()
    closeProtocolServers()
  })

  async function variables(): Promise<Readonly<Record<string, string>>> {
    return (await session.handlers.scriptValues({ id: session.id })).variables
  }

  it('is waited for by the messages that need it, and is not shown if it is secret', async () => {
    const { peer, got } = await session.open({
      steps: [text('login'), text('hello {{token}} in {{room}}')],
      values: [{ name: 'token', path: '$.token', filter: '$.type == "login"' }],
      variables: { room: 'dev' },
    })
    await receives(peer, got, 1)
    await session.until(({ waitsFor }) => typeof waitsFor === 'object')
    assert.deepEqual(session.status.waitsFor, { variables: ['token'] })
    peer.send('{"type":"other","token":"wrong"}')
    peer.send('{"type":"login","token":"hush-hush"}')
    await receives(peer, got, 2)
    assert.deepEqual(got, ['login', 'hello hush-hush in dev'])
    assert.deepEqual(session.status.variables, { token: '***' })
    assert.deepEqual(await variables(), { token: 'hush-hush' })
    assert.doesNotMatch(JSON.stringify(session.live.statuses), /hush/)
    // Nor is it recorded.
    assert.doesNotMatch(JSON.stringify(await session.events()), /hush/)
  })

  it('is that of the newest message', async () => {
    const { peer, got } = await session.open({
      steps: [text('{{round}}')],
      values: [{ name: 'round', path: '$.round' }],
    })
    for (const message of ['{"round":1}', '{"other":1}', 'no JSON', '{"round":12345678901234567890}'])
      peer.send(message)
    await session.live.until(() => session.connection.messagesIn === 4)
    assert.deepEqual(await variables(), { round: '12345678901234567890' })
    await session.handlers.sendScript({ id: session.id })
    await receives(peer, got, 2)
    assert.equal(got[1], '12345678901234567890')
  })

  it('is used as it is if it is known before the connection opens', async () => {
    const { peer, got } = await session.open({
      steps: [text('{{token}}')],
      values: [{ name: 'token', path: '$.token' }],
      variables: { token: 'of an earlier request' },
    })
    await receives(peer, got, 1)
    assert.deepEqual(got, ['of an earlier request'])
  })

  it('may be a group of the regular expression in its filter', async () => {
    const { peer, got } = await session.open({
      steps: [text('{{seat}}')],
      values: [{ name: 'seat', path: '$1', filter: '/seat (\\d+)/' }],
    })
    peer.send('you have seat 12 now')
    await receives(peer, got, 1)
    assert.deepEqual(got, ['12'])
  })

  it('may be an object, which is inserted into JSON', async () => {
    const { peer, got } = await session.open({
      steps: [
        {
          kind: 'send',
          message: { format: 'json', text: '{"again":{{user}},"text":"{{user}}"}', variables: {} },
        },
      ],
      values: [{ name: 'user', path: '$.user' }],
    })
    peer.send('{ "user": { "id": 1.50 } }')
    await receives(peer, got, 1)
    assert.equal(got[0], '{"again":{ "id": 1.50 },"text":"{ \\"id\\": 1.50 }"}')
  })

  it('is not kept if it is too long, and what waits for it says so', async () => {
    const { peer } = await session.open({
      steps: [text('{{blob}}')],
      values: [{ name: 'blob', path: '$.blob' }],
    })
    peer.send(JSON.stringify({ blob: 'x'.repeat(65_537) }))
    await session.until(({ problem }) => problem !== undefined)
    assert.match(
      session.status.problem ?? '',
      /^The value blob of a message was not kept: it has more than 65,536/,
    )
    assert.deepEqual(await variables(), {})
  })

  it('of an endless regular expression ends what waits for it', async () => {
    const { peer } = await session.open({
      steps: [text('{{a}}')],
      values: [{ name: 'a', path: '$1', filter: '/^((a+)+)$/' }],
    })
    peer.send(`${'a'.repeat(40)}!`)
    await session.until(({ problem }) => problem !== undefined)
    assert.match(
      session.status.problem ?? '',
      /^Messages are no longer searched for the value a\. .+backtracks/,
    )
  })

  it('may come from an event stream, from its named event', async () => {
    const url = await serveHttp((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.write('event: other\ndata: {"id":1}\n\nevent: welcome\ndata: {"id":2}\n\n')
    })
    await session.connect({ url }, { values: [{ name: 'id', path: '$.id', filter: 'event:welcome' }] })
    await session.until((status) => status.variables.id !== undefined)
    assert.deepEqual(await variables(), { id: '2' })
    assert.deepEqual([session.status.done, session.status.of], [0, 0])
  })

  it('may come from the body of a poll', async () => {
    let count = 0
    const url = await serveHttp((_, response) => {
      count++
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ count }))
    })
    await session.connect(
      { url, transport: 'poll', interval: 10 },
      { values: [{ name: 'count', path: '$.count' }] },
    )
    await session.until((status) => Number(status.variables.count) >= 2)
  })

  it('may be in a packet of the protocol that is spoken', async () => {
    const server = await serveSocketIo()
    await session.connect(
      { url: `ws://${server}/socket.io/?EIO=4&transport=websocket`, protocol: 'socket.io' },
      {
        steps: [
          { kind: 'form', form: 'emit', values: '{"event":"sum","args":[20,{{more}}],"ack":true}' },
          WAIT,
          {
            kind: 'form',
            name: 'again',
            form: 'emit',
            values: '{"event":"sum","args":[{{sum}},1],"ack":true}',
          },
          WAIT,
        ],
        values: [{ name: 'sum', path: '$[0]', filter: 'kind:ack' }],
        variables: { more: '22' },
      },
    )
    await session.until(({ done }) => done === 4)
    assert.deepEqual(await variables(), { sum: '43' })
    const events = await session.events()
    const sent = events.filter(({ direction, automatic }) => direction === 'out' && automatic === undefined)
    assert.deepEqual(
      sent.map((event) => event.text),
      ['420["sum",20,22]', '421["sum",42,1]'],
    )
  })
})
