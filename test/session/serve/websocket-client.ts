import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { opened } from '../../support/recording.ts'

export type Sent = readonly [text: string, binary: boolean]

/** A client of the `ws` package, and what it receives. */
export class Client {
  readonly ws: WebSocket
  readonly received: Sent[] = []
  readonly arrivals: number[] = []
  readonly pings: string[] = []
  readonly closed: Promise<readonly [code: number, reason: string]>
  #wake = () => {}

  constructor(url: string, subprotocols: string[] = [], options: WebSocket.ClientOptions = {}) {
    this.ws = new WebSocket(url, subprotocols, options)
    this.ws.on('error', () => {})
    this.ws.on('ping', (data) => this.pings.push(data.toString()))
    this.ws.on('message', (data: Buffer, isBinary: boolean) => {
      this.received.push([data.toString(isBinary ? 'hex' : 'utf8'), isBinary])
      this.arrivals.push(performance.now())
      this.#wake()
    })
    this.closed = once(this.ws, 'close').then(([code, reason]) => [code, String(reason)])
  }

  get texts(): string[] {
    return this.received.map(([text]) => text)
  }

  async send(...texts: string[]): Promise<void> {
    if (this.ws.readyState === WebSocket.CONNECTING) await once(this.ws, 'open')
    for (const text of texts) this.ws.send(text)
  }

  async until(count: number): Promise<string[]> {
    while (this.received.length < count)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    return this.texts
  }
}

export function closed(time: number, code = 1000, reason = '', connection = 1): RealtimeEvent {
  return { type: 'close', connection, time, by: 'server', code, reason }
}

export function lost(time: number): RealtimeEvent {
  return { type: 'close', connection: 1, time, by: 'network', code: 1006 }
}

export function again(attempt: number, time: number): RealtimeEvent[] {
  return opened(1, time).map((event) => (event.type === 'connect' ? { ...event, attempt } : event))
}

export const out = { direction: 'out' } as const
