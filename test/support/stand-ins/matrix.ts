/** Matrix, `/sync`: https://spec.matrix.org/latest/client-server-api/#syncing */
import type { ServerResponse } from 'node:http'
import { StandIn } from './stand-in.ts'

export class Matrix extends StandIn {
  #position = 1
  readonly #held = new Map<ServerResponse, string | null>()

  serve(): Promise<this> {
    return this.start((request, response, query) => {
      if (request.headers.authorization !== 'Bearer MATRIX_TOKEN') {
        response.writeHead(401).end('{"errcode":"M_UNKNOWN_TOKEN","error":"Unrecognised access token."}')
        return
      }
      this.#held.set(response, query.get('since'))
      this.#look()
    })
  }

  change(): void {
    this.#position++
    this.#look()
  }

  /** The time in `timeout` is over. */
  expire(): void {
    this.#look(true)
  }

  #look(isOver = false): void {
    const next = `s${this.#position}_0`
    for (const [response, since] of this.#held) {
      const isNew = since !== next
      if (!isNew && !isOver) continue
      this.#held.delete(response)
      response.writeHead(200, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify({ next_batch: next, ...(isNew && { rooms: { join: {} } }) }))
    }
  }
}
