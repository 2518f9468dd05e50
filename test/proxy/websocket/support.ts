/** A relay of WebSockets between real sockets, whose handshakes are passed on as they are. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { Hub } from '../../../src/engine/hub.ts'
import { SeenConnections } from '../../../src/engine/traffic/seen-connections.ts'
import { relayWebSocket, type WebSocketRelay } from '../../../src/proxy/websocket/relay.ts'
import { startClock } from '../../../src/shared/clock.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import type { SeenHead } from '../../../src/shared/traffic.ts'
import { listen } from '../../support/loopback.ts'

export interface Relayed {
  /** Its URL, for clients. */
  readonly url: string
  readonly hub: Hub
  /** What was recorded. */
  readonly events: RealtimeEvent[]
  /** Both sockets of each connection, in order. */
  readonly relays: WebSocketRelay[]
  readonly legs: { readonly client: Socket; readonly server: Socket }[]
  /** Resolves to the events once `count` connections have closed. */
  closed(count?: number): Promise<readonly RealtimeEvent[]>
}

/** Relays to the WebSocket server at `target`, a `ws:` URL. */
export async function relayTo(target: string): Promise<Relayed> {
  const events: RealtimeEvent[] = []
  let changed = () => {}
  const append = (event: RealtimeEvent) => {
    events.push('payload' in event ? { ...event, payload: event.payload.slice() } : event)
    changed()
    return true
  }
  const hub = new Hub({ clock: startClock(), network: {}, sink: { append, onWritable: queueMicrotask } })
  const host = new SeenConnections(hub)
  const { hostname, port } = new URL(target)
  const legs: Relayed['legs'] = []
  const relays: WebSocketRelay[] = []
  const server = createServer({ allowHalfOpen: true, noDelay: true }, async (client) => {
    client.on('error', () => {})
    const asked = await readHead(client)
    const relay = relayWebSocket(
      { url: target, source: 'proxy', time: host.clock.now(), program: 'test', through: 1 },
      { host },
      () => client.destroy(),
    )
    relays.push(relay)
    const onward = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true })
    onward.on('error', () => {})
    onward.write(asked.head)
    const answered = await readHead(onward)
    client.write(answered.head)
    const time = host.clock.now()
    const head = seenHead(answered.head, time)
    if (head.status !== 101) {
      relay.refuse(head)
      onward.pipe(client)
      onward.write(asked.rest)
      return
    }
    const pair = { client, server: onward }
    legs.push(pair)
    for (const leg of [client, onward]) leg.removeAllListeners('error')
    relay.open({
      ...{ ...pair, head },
      fromClient: { bytes: asked.rest, time },
      fromServer: { bytes: answered.rest, time },
    })
  })
  const url = `ws://127.0.0.1:${await listen(server)}/`
  return {
    ...{ url, hub, events, legs, relays },
    closed: async (count = 1) => {
      const isDone = () => events.filter(({ type }) => type === 'close').length >= count
      while (!isDone())
        await new Promise<void>((resolve) => {
          changed = resolve
        })
      return events
    },
  }
}

async function readHead(socket: Socket): Promise<{ readonly head: Buffer; readonly rest: Buffer }> {
  let bytes = Buffer.alloc(0)
  for (;;) {
    const end = bytes.indexOf('\r\n\r\n')
    if (end >= 0) return { head: bytes.subarray(0, end + 4), rest: bytes.subarray(end + 4) }
    const chunk: Buffer | null = socket.read()
    if (chunk === null) await once(socket, 'readable')
    else bytes = Buffer.concat([bytes, chunk])
  }
}

function seenHead(head: Buffer, time: number): SeenHead {
  const [status = '', ...lines] = head.toString('latin1').trim().split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  )
  return { time, status: Number(status.split(' ')[1]), headers, httpVersion: '1.1' }
}
