/**
 * `/graphql`: GraphQL subscriptions by the subprotocol `graphql-transport-ws`
 * (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md). One ends, and one is an error.
 */
import type { WebSocket } from 'ws'
import type { Script } from '../src/vscode/connect/demo-client.ts'
import { between, quote } from './market.ts'
import { repeat } from './schedule.ts'
import { parsed, send, webSocketServer } from './web-sockets.ts'

const MAX_OPERATIONS = 20
const COUNTDOWN_FROM = 5

interface Message {
  readonly id?: unknown
  readonly type?: unknown
  readonly payload?: { readonly query?: unknown }
}

const subscribe = (id: string, query: string) => JSON.stringify({ id, type: 'subscribe', payload: { query } })

/** The client has two subscriptions. When one is complete, it asks for a field that is not there. */
export const graphqlScript: Script = {
  opening: ['{"type":"connection_init"}'],
  answers: [
    {
      to: '"type":"connection_ack"',
      texts: [
        subscribe('1', 'subscription OnPrice { price { symbol bid ask } }'),
        subscribe('2', 'subscription Countdown { countdown }'),
      ],
    },
    { to: '"type":"ping"', texts: ['{"type":"pong"}'] },
    { to: '"id":"2","type":"complete"', texts: [subscribe('3', 'subscription OnVolume { volume }')] },
  ],
}

export const graphqlServer = () => webSocketServer('graphql-transport-ws', serve)

function serve(socket: WebSocket): void {
  const reply = (message: object) => send(socket, JSON.stringify(message))
  const operations = new Map<string, Operation>()
  let acknowledged = false
  const receive = ({ type, id, payload }: Message) => {
    if (type === 'connection_init') {
      if (acknowledged) return socket.close(4429, 'Too many initialisation requests')
      acknowledged = true
      return reply({ type: 'connection_ack' })
    }
    if (type === 'ping') return reply({ type: 'pong' })
    if (type === 'pong') return
    if (typeof id !== 'string') return socket.close(4400, 'Invalid message received')
    if (type === 'complete') operations.delete(id)
    else if (type !== 'subscribe') socket.close(4400, 'Invalid message received')
    else if (!acknowledged) socket.close(4401, 'Unauthorized')
    else if (operations.has(id)) socket.close(4409, `Subscriber for ${id} already exists`)
    else start(id, String(payload?.query))
  }
  const start = (id: string, query: string) => {
    const field = /\{\s*(\w+)/.exec(query.slice(0, 1000))?.[1] ?? ''
    const operation = operationFor(field)
    if (operation === undefined || operations.size >= MAX_OPERATIONS) {
      const message = `Cannot query field "${field}" on type "Subscription".`
      reply({ id, type: 'error', payload: [{ message, locations: [{ line: 1, column: 1 }] }] })
    } else operations.set(id, operation)
  }
  socket.on('message', (data) => {
    const message = parsed(String(data))
    if (typeof message === 'object' && message !== null) receive(message)
    else socket.close(4400, 'Invalid message received')
  })
  repeat(
    socket,
    () => between(500, 1200),
    () => {
      for (const [id, { next }] of operations) {
        const data = next()
        if (data !== undefined) reply({ id, type: 'next', payload: { data } })
        else {
          operations.delete(id)
          reply({ id, type: 'complete' })
        }
      }
    },
  )
  repeat(
    socket,
    () => 5000,
    () => acknowledged && reply({ type: 'ping' }),
  )
}

interface Operation {
  /** The next result; undefined if the operation is complete. */
  next(): object | undefined
}

function operationFor(field: string): Operation | undefined {
  if (field === 'price') {
    return {
      next() {
        const { symbol, bid, ask } = quote()
        return { price: { symbol, bid, ask } }
      },
    }
  }
  let left = COUNTDOWN_FROM
  if (field === 'countdown') return { next: () => (left === 0 ? undefined : { countdown: left-- }) }
  return undefined
}
