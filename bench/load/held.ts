/**
 * Many long polls, a separate process. It reads requests without content and holds each. Told to answer a number of requests, it
 * answers those that are held and those that come, each with an empty 200, and holds again from then on.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** What the contender asks for. */
export interface Answers {
  readonly count: number
}

export type HeldReport =
  | { readonly type: 'listening'; readonly port: number }
  /** The requested number of answers was sent. */
  | { readonly type: 'answered' }

const BACKLOG = 8192
const HEAD_END = '\r\n\r\n'
const ANSWER = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 0${HEAD_END}`,
)

const held = new Set<Socket>()
let due = 0
const tell = (report: HeldReport) => process.send?.(report)

const server = createServer({ noDelay: true }, (socket) => {
  let head = ''
  socket.on('error', () => {})
  socket.on('close', () => held.delete(socket))
  socket.on('data', (chunk: Buffer) => {
    head += chunk.toString('latin1')
    if (!head.endsWith(HEAD_END)) return
    head = ''
    if (due > 0) answer(socket)
    else held.add(socket)
  })
})

function answer(socket: Socket): void {
  socket.write(ANSWER)
  due--
  if (due === 0) tell({ type: 'answered' })
}

process.on('message', ({ count }: Answers) => {
  due += count
  for (const socket of held) {
    if (due === 0) return
    held.delete(socket)
    answer(socket)
  }
})
process.on('disconnect', () => process.exit(0))
server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG }, () =>
  tell({ type: 'listening', port: (server.address() as AddressInfo).port }),
)
