/** A process with a server, which it prints the host and port of. Tests stop and kill it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server as SocketIoServer } from 'socket.io'
import StompServer from 'stomp-broker-js'
import { WebSocketServer } from 'ws'

const [kind = '', beat = '0'] = process.argv.slice(2)
const interval = Number(beat)
const server = createServer()

if (kind === 'socket.io')
  // The ping timeout is twice the interval.
  new SocketIoServer(server, { pingInterval: interval, pingTimeout: 2 * interval })
else if (kind === 'stomp') new StompServer({ server, path: '/', heartbeat: [interval, interval] })
else new WebSocketServer({ server })

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
