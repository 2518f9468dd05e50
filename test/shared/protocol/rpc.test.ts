import assert from 'node:assert/strict'
import { MessageChannel } from 'node:worker_threads'
import { Failure } from '../../../src/shared/failure.ts'
import { type Methods, type Port, RpcEndpoint } from '../../../src/shared/protocol/rpc.ts'

type Maths = {
  add: { params: readonly [number, number]; result: number }
  never: { params: null; result: null }
  fail: { params: null; result: null }
  crash: { params: null; result: null }
}

function connectedPair(heard: unknown[] = []) {
  const { port1, port2 } = new MessageChannel()
  const port = (p: typeof port1): Port => ({
    post: (message, transfer) => p.postMessage(message, transfer ?? []),
    onMessage: (listener) => p.on('message', listener),
  })
  const server = new RpcEndpoint<Maths, Methods, { said: string }, Record<string, never>>(port(port1), {
    handlers: {
      add: ([a, b]) => a + b,
      never: () => new Promise<null>(() => {}),
      fail: () => {
        throw new Failure('NO', 'It was refused; ask nicely.')
      },
      crash: () => {
        throw new TypeError('oops')
      },
    },
  })
  const client = new RpcEndpoint<Record<never, never>, Maths, Record<string, never>, { said: string }>(
    port(port2),
    {
      handlers: {},
      onNotify: { said: (data) => heard.push(data) },
    },
  )
  return { server, client, raw: port2, close: () => port1.close() }
}

describe('remote calls', () => {
  it('resolve with the result', async () => {
    const { client, close } = connectedPair()
    assert.equal(await client.call('add', [2, 3]), 5)
    close()
  })

  it('reject with the failure of the other side, with its code and sentence', async () => {
    const { client, close } = connectedPair()
    await assert.rejects(client.call('fail', null), { code: 'NO', message: 'It was refused; ask nicely.' })
    await assert.rejects(client.call('crash', null), { code: 'INTERNAL', message: 'oops' })
    close()
  })

  it('reject an unknown method, also the name of an inherited property', async () => {
    const { client, close } = connectedPair()
    for (const method of ['nothing', 'toString', '__proto__']) {
      await assert.rejects(client.call(method as 'add', [1, 1]), { code: 'UNKNOWN_METHOD' })
    }
    close()
  })

  it('reject after the timeout', async () => {
    const { client, close } = connectedPair()
    await assert.rejects(client.call('never', null, 20), { code: 'TIMEOUT' })
    close()
  })

  it('reject pending and later calls on disposal', async () => {
    const { client, close } = connectedPair()
    const underWay = client.call('never', null)
    client.dispose()
    await assert.rejects(underWay, { code: 'DISPOSED' })
    await assert.rejects(client.call('add', [1, 1]), { code: 'DISPOSED' })
    close()
  })

  it('deliver notifications, and ignore other messages', async () => {
    const heard: unknown[] = []
    const { server, client, raw, close } = connectedPair(heard)
    server.notify('said', 'hello')
    for (const junk of [null, 7, 'text', {}, { rpc: 'shout' }, { rpc: 'result', id: 99 }])
      raw.postMessage(junk)
    assert.equal(await client.call('add', [1, 1]), 2)
    assert.deepEqual(heard, ['hello'])
    close()
  })
})
