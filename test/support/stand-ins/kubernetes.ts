/** Kubernetes' watch: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes */
import type { ServerResponse } from 'node:http'
import { StandIn } from './stand-in.ts'

const pod = (type: string, version: number) => ({
  type,
  object: { kind: 'Pod', metadata: { name: 'web', resourceVersion: String(version) } },
})
const EXPIRED = {
  type: 'ERROR',
  object: {
    kind: 'Status',
    status: 'Failure',
    reason: 'Expired',
    code: 410,
    message: 'too old resource version',
  },
}

export class Kubernetes extends StandIn {
  #version = 100
  #oldest = 0

  serve(): Promise<this> {
    return this.start((_request, response, query) => {
      response.writeHead(200, { 'Content-Type': 'application/json' })
      const from = query.get('resourceVersion')
      if (from === null) write(response, pod('ADDED', this.#version))
      else if (Number(from) < this.#oldest) {
        write(response, EXPIRED)
        response.end()
      } else for (let at = Number(from) + 1; at <= this.#version; at++) write(response, pod('MODIFIED', at))
    })
  }

  change(): void {
    this.#version++
    for (const response of this.open) write(response, pod('MODIFIED', this.#version))
  }

  /** Changes of other kinds of objects. */
  bookmark(): void {
    this.#version += 10
    for (const response of this.open) write(response, pod('BOOKMARK', this.#version))
  }

  /** The time of a watch is over, and perhaps older versions are forgotten. */
  end({ isCompacted = false } = {}): void {
    if (isCompacted) this.#oldest = this.#version + 1
    for (const response of this.open) response.end()
  }
}

function write(response: ServerResponse, event: object): void {
  response.write(`${JSON.stringify(event)}\n`)
}
