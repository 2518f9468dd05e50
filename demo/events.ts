/** `/events`: Server-Sent Events with ids, comments and a retry time. Streams are cut now and then; clients that return get what they missed. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { between, pick, quote, trade } from './market.ts'
import { later, repeat } from './schedule.ts'

const KEPT = 200

interface Kept {
  readonly id: number
  readonly text: string
}

const kept: Kept[] = []
const clients = new Set<ServerResponse>()
let lastId = 1000

/** Emits events, also without clients, and keeps the last few for clients that return. */
export function startEvents(): NodeJS.Timeout {
  return setInterval(() => {
    const event: Kept = { id: ++lastId, text: format(lastId) }
    kept.push(event)
    if (kept.length > KEPT) kept.shift()
    for (const client of clients) client.write(event.text)
  }, 700)
}

function format(id: number): string {
  const kind = pick(['price', 'price', 'price', 'trade', 'alert', ''])
  if (kind === 'alert') {
    const lines = ['data: Volatility is above', `data: ${between(2, 5).toFixed(1)} per cent`]
    return `event: alert\nid: ${id}\n${lines.join('\n')}\n\n`
  }
  const named = kind === '' ? '' : `event: ${kind}\n`
  return `${named}id: ${id}\ndata: ${JSON.stringify(kind === 'trade' ? trade() : quote())}\n\n`
}

export function serveEvents(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.write(': welcome to the demo stream\nretry: 1500\n\n')
  const resumeAfter = Number(request.headers['last-event-id'] ?? Number.NaN)
  for (const { id, text } of kept) if (id > resumeAfter) response.write(text)
  clients.add(response)
  response.once('close', () => clients.delete(response))
  repeat(
    response,
    () => 5000,
    () => response.write(': heartbeat\n\n'),
  )
  // A cut resets the connection in the middle of the stream; it does not end the body.
  later(response, between(14_000, 20_000), () => response.socket?.resetAndDestroy())
}
