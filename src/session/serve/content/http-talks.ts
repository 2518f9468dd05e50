/** Finds what was recorded at a path with a method, for requests that are answered by what they say. */
import type { IncomingMessage } from 'node:http'
import type { ProtocolIds } from '../../../decode/ids/ids.ts'
import { addTo } from '../../../shared/maps.ts'
import { TRANSPORT_TRAITS } from '../../../shared/transports.ts'
import type { RecordedConnection } from '../recorded-connection.ts'
import { HttpTalk, type RecordedRequests } from './http-talk.ts'
import type { RecordedTalks } from './recorded-talks.ts'

export class HttpTalks {
  readonly #talks: ReadonlyMap<string, HttpTalk>

  private constructor(talks: ReadonlyMap<string, HttpTalk>) {
    this.#talks = talks
  }

  static async of(connections: readonly RecordedConnection[], talks: RecordedTalks): Promise<HttpTalks> {
    const byPlace = new Map<string, RecordedRequests[]>()
    const protocols = new Map<string, ProtocolIds>()
    for (const recorded of connections) {
      const packets = talks.get(recorded.id)?.recorded
      if (packets === undefined || TRANSPORT_TRAITS[recorded.transport].scheme === 'ws') continue
      const key = keyOf(recorded.method, recorded.url)
      const protocol = protocols.get(key) ?? packets.protocol
      if (protocol !== packets.protocol) continue
      protocols.set(key, protocol)
      addTo(byPlace, key, { recorded, packets })
    }
    const found = new Map<string, HttpTalk>()
    for (const [key, requests] of byPlace) found.set(key, await HttpTalk.of(requests))
    return new HttpTalks(found)
  }

  /** Undefined if requests with this method and path are answered in order. */
  at({ method = 'GET' }: IncomingMessage, url: URL): HttpTalk | undefined {
    return this.#talks.get(keyOf(method, url))
  }
}

function keyOf(method: string, { pathname }: URL): string {
  return `${method} ${pathname}`
}
