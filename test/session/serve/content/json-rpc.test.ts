import assert from 'node:assert/strict'
import { once } from 'node:events'
import { JSONRPCClient, JSONRPCErrorException } from 'json-rpc-2.0'
import { WebSocket } from 'ws'
import { type ServedTest, serveRecording, stopServing } from '../../../support/served.ts'

describe('a recording of JSON-RPC, served by content', () => {
  let ws: WebSocket
  let served: ServedTest
  let client: JSONRPCClient
  let notifications: unknown[]

  beforeEach(async () => {
    served = await serveRecording('rpcws.rtsession')
    ws = new WebSocket(served.url)
    let id = 100
    notifications = []
    client = new JSONRPCClient(
      (request) => ws.send(JSON.stringify(request)),
      () => `call-${id++}`,
    )
    ws.on('message', (data) => {
      const message = JSON.parse(String(data))
      if ('id' in message) client.receive(message)
      else notifications.push(message)
    })
    await once(ws, 'open')
  })
  afterEach(async () => {
    ws.terminate()
    await stopServing()
  })

  it('answers calls in another order, at the same time, with the ids of the client', async () => {
    const [login, sum, failed] = await Promise.all([
      client.request('rpc.login', { pass: 'p', login: 'u' }),
      client.request('sum', [1, 2]),
      client.request('fail', []).then(
        () => undefined,
        (error) => error,
      ),
    ])
    assert.equal(login, true)
    assert.equal(sum, 3)
    assert.ok(failed instanceof JSONRPCErrorException)
    assert.equal(failed.data, 'nope')
  })

  it('gives the recorded answers in turn to a call that was answered in two ways', async () => {
    await assert.rejects(async () => client.request('secret', []), /Method forbidden/)
    assert.equal(await client.request('secret', []), 42)
  })

  it('notifies a client that has subscribed', async () => {
    assert.deepEqual(await client.request('rpc.on', ['tick']), { tick: 'ok' })
    while (notifications.length < 5) await once(ws, 'message')
    assert.deepEqual(notifications[0], { notification: 'tick', params: [65, { at: 1795878293322 }] })
  })

  it('says which call is nearest to one that is not in it', async () => {
    void client.request('sum', [1, 3])
    assert.equal(await client.request('sum', [1, 2]), 3)
    const wrong = served.told.find((event) => event.type === 'received' && event.matched === false)
    assert.ok(wrong?.type === 'received')
    assert.match(wrong.nearest ?? '', /^request sum: .*\[1,2\]/)
  })
})
