import assert from 'node:assert/strict'
import { Wampy } from 'wampy'
import { WebSocket } from 'ws'
import { serveRecording, stopServing } from '../../../support/served.ts'

// Its type does not allow for the overloads of the package.
const Socket = WebSocket as unknown as NonNullable<ConstructorParameters<typeof Wampy>[1]>['ws']

describe('a recording of WAMP, served by content', () => {
  let client: Wampy

  beforeEach(async () => {
    const { url } = await serveRecording('wamp.rtsession', { loop: true })
    client = new Wampy(url, {
      realm: 'realm1',
      authextra: { app: 'another' },
      ws: Socket,
      autoReconnect: false,
    })
    await client.connect()
  })
  afterEach(async () => {
    await client.disconnect()
    await stopServing()
  })

  it('answers calls in another order, with the ids of the client', async () => {
    assert.deepEqual((await client.call('math.sum', [1, 2])).argsList, [{ sum: 42 }])
    await assert.rejects(client.call('no.such', []), { errorUri: 'wamp.error.no_such_procedure' })
    assert.deepEqual((await client.call('math.sum', [1, 2])).argsList, [{ sum: 42 }])
  })

  it('sends the events of a subscription', async () => {
    await client.subscribe('chat', () => {})
    const events: unknown[] = []
    await new Promise<void>((resolve) => {
      void client.subscribe('ticks', ({ argsList }) => {
        events.push(argsList)
        if (events.length === 3) resolve()
      })
    })
    assert.deepEqual(events[0], [{ kv: { n: 153 }, args: [153] }])
    const { publicationId } = await client.publish('chat', { argsList: ['hi ✓'], argsDict: { a: 1 } })
    assert.equal(publicationId, 159)
  })

  it('calls a procedure that the client has registered', async () => {
    const called = new Promise<unknown>((resolve) => {
      void client.register('my.add', ({ argsList = [] }) => {
        resolve(argsList)
        return { argsList: [Number(argsList[0]) + Number(argsList[1])] }
      })
    })
    const answer = await client.call('my.add', [1, 2])
    assert.deepEqual(answer.argsList, [3])
    assert.deepEqual(await called, [1, 2])
  })
})
