/** Servers with faults that rules find. `step` is the time in ms between two events or polls. */
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import { serveHttp, serveWebSocket } from '../../support/loopback.ts'

/** Events of a stream before it ends, and those that are lost then. */
const BEFORE_END = 12
const LOST = 5
/** Polls of which one brings something. */
const POLLS = 10

/** An event stream that ends, and goes on where it is, not where the client was. */
export async function serveForgetfulStream(step: number): Promise<ConnectionSpec> {
  let id = 412
  const url = await serveHttp((request, response) => {
    if (request.headers['last-event-id'] !== undefined) id += LOST
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write('retry: 300\n\n')
    let sent = 0
    const timer = setInterval(() => {
      id++
      response.write(
        `id: ${id}\ndata: {"symbol":"ACME","seq":${id},"price":${(102 + id / 100).toFixed(2)}}\n\n`,
      )
      if (++sent < BEFORE_END) return
      clearInterval(timer)
      response.end()
    }, step)
    response.on('close', () => clearInterval(timer))
  })
  return { url: `${url}prices`, transport: 'sse' }
}

/** A resource that is polled far more often than it changes. */
export async function serveQuietPoll(step: number): Promise<ConnectionSpec> {
  let polls = 0
  const url = await serveHttp((_, response) => {
    polls++
    if (polls % POLLS === 4) response.end(JSON.stringify({ status: 'shipped', change: polls }))
    else response.writeHead(204).end()
  })
  return { url: `${url}status`, transport: 'poll', interval: step }
}

/** A WebSocket that a crash of the server cuts. */
export async function serveCutSocket(step: number, after: number): Promise<ConnectionSpec> {
  const url = await serveWebSocket((socket) => {
    let sent = 0
    const timer = setInterval(() => {
      socket.send(JSON.stringify({ room: 'dev', text: `message ${++sent}` }))
      if (sent === after) socket.terminate()
    }, step)
    socket.on('close', () => clearInterval(timer))
  })
  return { url: `${url}chat?room=dev`, transport: 'websocket' }
}
