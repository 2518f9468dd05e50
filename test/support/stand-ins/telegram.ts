/** Telegram's `getUpdates`: https://core.telegram.org/bots/api#getupdates */
import type { ServerResponse } from 'node:http'
import { StandIn } from './stand-in.ts'

const CONFLICT =
  'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'

export class Telegram extends StandIn {
  #updates: { readonly update_id: number }[] = []
  #next = 700
  #held: ServerResponse | undefined

  serve(): Promise<this> {
    return this.start((_request, response, query) => {
      if (this.#held?.destroyed === false) answer(this.#held, 409, { error_code: 409, description: CONFLICT })
      const offset = Number(query.get('offset') ?? 0)
      this.#updates = this.#updates.filter(({ update_id }) => update_id >= offset)
      this.#held = response
      if (this.#updates.length > 0) this.expire()
    })
  }

  /** A message to the bot. */
  message(): void {
    this.#updates.push({ update_id: this.#next++ })
    this.expire()
  }

  /** Answers the request that is held, because of an update or because the time in `timeout` is over. */
  expire(): void {
    const held = this.#held
    this.#held = undefined
    if (held !== undefined) answer(held, 200, { result: this.#updates })
  }
}

function answer(response: ServerResponse, status: number, fields: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify({ ok: status === 200, ...fields }))
}
