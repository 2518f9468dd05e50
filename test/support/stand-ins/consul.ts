/** Consul's blocking queries: https://developer.hashicorp.com/consul/api-docs/features/blocking */
import type { ServerResponse } from 'node:http'
import { StandIn } from './stand-in.ts'

export class Consul extends StandIn {
  #index = 10
  readonly #held = new Map<ServerResponse, number>()

  serve(): Promise<this> {
    return this.start((_request, response, query) => {
      this.#held.set(response, Number(query.get('index') ?? 0))
      this.#look()
    })
  }

  /** A change of the service. */
  change(): void {
    this.#index++
    this.#look()
  }

  /** The state is that of an older snapshot. */
  restore(index: number): void {
    this.#index = index
  }

  /** The time in `wait` is over. */
  expire(): void {
    this.#look(true)
  }

  #look(isOver = false): void {
    for (const [response, index] of this.#held) {
      if (this.#index <= index && !isOver) continue
      this.#held.delete(response)
      response.writeHead(200, { 'Content-Type': 'application/json', 'X-Consul-Index': this.#index })
      response.end(JSON.stringify([{ Service: { ID: 'consul', ModifyIndex: this.#index } }]))
    }
  }
}
