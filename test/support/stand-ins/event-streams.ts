/** Servers of event streams. */
import { StandIn } from './stand-in.ts'

/** A Mercure hub: https://mercure.rocks/spec */
export class Mercure extends StandIn {
  readonly #updates: string[] = []

  serve(): Promise<this> {
    return this.start((request, response) => {
      if (request.headers.authorization !== 'Bearer MERCURE_TOKEN') {
        response.writeHead(401).end('Unauthorized\n')
        return
      }
      const last = request.headers['last-event-id']
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.write(':\n')
      const known = this.#updates.findIndex((update) => update.startsWith(`id: ${last}\n`))
      if (last !== undefined) response.write(this.#updates.slice(known + 1).join(''))
    })
  }

  publish(data: string): void {
    const update = `id: urn:uuid:${this.#updates.length}\ndata: ${data}\n\n`
    this.#updates.push(update)
    for (const response of this.open) response.write(update)
  }
}

/** Home Assistant's `/api/stream`: https://developers.home-assistant.io/docs/api/rest/ */
export class HomeAssistantStream extends StandIn {
  serve(): Promise<this> {
    return this.start((request, response) => {
      if (request.headers.authorization !== 'Bearer HOME_ASSISTANT_TOKEN') {
        response.writeHead(401).end('401: Unauthorized')
        return
      }
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.write('data: ping\n\n')
      response.write('data: {"event_type":"state_changed","data":{"entity_id":"light.kitchen"}}\n\n')
    })
  }
}
