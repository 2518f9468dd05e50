/** The limit: a socket that counts bytes and derives the number of messages. */
import { connect } from 'node:net'
import { contend } from '../harness/contender.ts'

await contend(
  (address, count) =>
    new Promise((resolve, reject) => {
      const url = new URL(address)
      let bytes = 0
      const socket = connect(Number(url.port), url.hostname, () => {
        const key =
          'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'
        const upgrade = /^\/(ws|deflate)/.test(url.pathname) ? key : ''
        socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\n${upgrade}\r\n`)
      })
      const end = Buffer.from(/^\/(ws|deflate)/.test(url.pathname) ? [0x88, 2, 3, 0xe8] : '0\r\n\r\n')
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (chunk.length < end.length || chunk.compare(end, 0, end.length, chunk.length - end.length) !== 0)
          return
        socket.destroy()
        resolve({ count, extra: { MB: bytes / 1e6 } })
      })
      socket.on('error', reject)
      socket.on('end', () => reject(new Error('The load ended early.')))
    }),
)
