/** The server of the example of MQTT: a broker, and a machine that publishes. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Aedes } from 'aedes'
import { createWebSocketStream, WebSocketServer } from 'ws'

/** Milliseconds between two readings. */
const EVERY = 600

export async function serveBroker() {
  const broker = await Aedes.createBroker()
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    handleProtocols: ([offered]) => offered ?? false,
  })
  server.on('connection', (socket) => {
    const stream = createWebSocketStream(socket)
    // The client is gone.
    stream.on('error', () => {})
    broker.handle(stream as never)
  })
  await once(server, 'listening')
  let reading = 0
  const timer = setInterval(() => {
    const payload = Buffer.from(JSON.stringify({ rpm: 1480 + ((reading++ * 7) % 40), vibration: 0.02 }))
    broker.publish(
      { cmd: 'publish', topic: 'plant/line-3/motor', payload, qos: 0, retain: false, dup: false },
      () => {},
    )
  }, EVERY)
  const { port } = server.address() as AddressInfo
  return {
    url: `ws://127.0.0.1:${port}/mqtt`,
    async stop(): Promise<void> {
      clearInterval(timer)
      for (const client of server.clients) client.terminate()
      server.close()
      await new Promise<void>((resolve) => broker.close(resolve))
    },
  }
}
