/** An HTTP server that keeps the requests that it gets, and can cut its connections. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen } from '../loopback.ts'

export class StandIn {
  readonly requests: IncomingMessage[] = []
  readonly #server = createServer()
  readonly #watching = new Set<() => void>()
  /** Responses that the server holds or writes to. */
  readonly open = new Set<ServerResponse>()
  url = ''

  /** Starts it on a free port of 127.0.0.1. It ends with `closeServers`. */
  async start(answer: (request: IncomingMessage, response: ServerResponse, query: URLSearchParams) => void) {
    this.#server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.requests.push(request)
      this.open.add(response)
      response.on('close', () => this.open.delete(response))
      answer(request, response, new URL(request.url ?? '/', 'http://localhost').searchParams)
      for (const look of this.#watching) look()
    })
    this.url = `http://127.0.0.1:${await listen(this.#server)}`
    return this
  }

  /** Resolves to the request of that number, from 1. */
  async request(number: number): Promise<IncomingMessage> {
    for (;;) {
      const request = this.requests[number - 1]
      if (request !== undefined) return request
      await new Promise<void>((resolve) => {
        const look = () => {
          this.#watching.delete(look)
          resolve()
        }
        this.#watching.add(look)
      })
    }
  }

  /** Resolves to the query of the request of that number, from 1. */
  async query(number: number): Promise<Record<string, string>> {
    const { url = '/' } = await this.request(number)
    return Object.fromEntries(new URL(url, 'http://localhost').searchParams)
  }

  /** Cuts all connections, as a failing network does. */
  cut(): void {
    this.#server.closeAllConnections()
  }
}
