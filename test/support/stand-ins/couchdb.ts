/** CouchDB's feeds of changes: https://docs.couchdb.org/en/stable/api/database/changes.html */
import type { ServerResponse } from 'node:http'
import { StandIn } from './stand-in.ts'

export class CouchDb extends StandIn {
  #seq = 3
  readonly #feeds = new Map<ServerResponse, { readonly isLong: boolean; since: number }>()

  serve(): Promise<this> {
    return this.start((request, response, query) => {
      if (request.headers.authorization !== `Basic ${btoa('admin:COUCHDB_PASSWORD')}`) {
        response.writeHead(401, { 'Content-Type': 'application/json' }).end('{"error":"unauthorized"}')
        return
      }
      const since = query.get('since') ?? '0'
      // As for a client that does not ask for JSON.
      response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' }).flushHeaders()
      this.#feeds.set(response, {
        isLong: query.get('feed') === 'longpoll',
        since: since === 'now' ? this.#seq : Number.parseInt(since, 10),
      })
      this.#look()
    })
  }

  change(): void {
    this.#seq++
    this.#look()
  }

  /** The interval in `heartbeat` is over. */
  beat(): void {
    for (const response of this.#feeds.keys()) response.write('\n')
  }

  /** The time in `timeout` is over. */
  expire(): void {
    this.#look(true)
  }

  #look(isOver = false): void {
    for (const [response, feed] of this.#feeds) {
      const changes = Array.from({ length: this.#seq - feed.since }, (_, at) => ({
        ...{ seq: `${feed.since + at + 1}-g1AAAA`, id: 'doc', changes: [{ rev: '1-a' }] },
      }))
      feed.since = this.#seq
      if (!feed.isLong) for (const change of changes) response.write(`${JSON.stringify(change)}\n`)
      else if (changes.length > 0 || isOver) {
        this.#feeds.delete(response)
        response.end(`${JSON.stringify({ results: changes, last_seq: `${this.#seq}-g1AAAA`, pending: 0 })}\n`)
      }
    }
  }
}
