/** Many bare `ws` clients that count messages. */
import WebSocket from 'ws'
import { contendWithMany } from '../harness/many-connections.ts'

const sockets: WebSocket[] = []
let received = 0

await contendWithMany({
  async open(url, count) {
    await Promise.all(
      Array.from(
        { length: count },
        () =>
          new Promise((resolve, reject) => {
            const socket = new WebSocket(url)
            socket.on('message', () => {
              received++
            })
            socket.on('open', resolve)
            socket.on('error', reject)
            sockets.push(socket)
          }),
      ),
    )
  },
  received: () => received,
})
