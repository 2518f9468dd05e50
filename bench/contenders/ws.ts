/** A bare `ws` client that counts messages. */
import WebSocket from 'ws'
import { contend } from '../harness/contender.ts'

await contend(
  (url) =>
    new Promise((resolve, reject) => {
      let count = 0
      const socket = new WebSocket(url.replace('http:', 'ws:'))
      socket.on('message', () => {
        count++
      })
      socket.on('error', reject)
      socket.on('close', () => resolve({ count }))
    }),
)
