/** Docker's events and logs: https://docs.docker.com/reference/api/engine/version/v1.51/ */
import { StandIn } from './stand-in.ts'

const frame = (stream: number, text: string) => {
  const head = Buffer.alloc(8)
  head.writeUInt8(stream, 0)
  head.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([head, Buffer.from(text)])
}

export class Docker extends StandIn {
  readonly #events: { readonly time: number }[] = []
  readonly #announcesFrames: boolean

  /** Before version 1.42 of the API, logs have no type. */
  constructor({ announcesFrames = true } = {}) {
    super()
    this.#announcesFrames = announcesFrames
  }

  serve(): Promise<this> {
    return this.start((request, response, query) => {
      if (request.url?.startsWith('/containers/web/logs') === true) {
        const type = 'application/vnd.docker.multiplexed-stream'
        response.writeHead(200, this.#announcesFrames ? { 'Content-Type': type } : {})
        response.write(frame(1, '2025-11-29T12:00:00.000000000Z listening\n'))
        response.write(frame(2, '2025-11-29T12:00:01.000000000Z a warning\n'))
        return
      }
      response.writeHead(200, { 'Content-Type': 'application/json' }).flushHeaders()
      const since = query.get('since')
      if (since === null) return
      for (const event of this.#events)
        if (event.time >= Number(since)) response.write(`${JSON.stringify(event)}\n`)
    })
  }

  event(time: number, Action: string): void {
    const event = { Type: 'container', Action, Actor: { ID: 'ab' }, time, timeNano: time * 1e9 }
    this.#events.push(event)
    for (const response of this.open) response.write(`${JSON.stringify(event)}\n`)
  }
}
