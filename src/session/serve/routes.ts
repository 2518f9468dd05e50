/** Finds what was recorded at a requested URL. */

import type { ProtocolIds } from '../../decode/ids/ids.ts'
import { addTo, getOrMake } from '../../shared/maps.ts'
import { MASK } from '../../shared/secrets.ts'
import { TRANSPORT_TRAITS } from '../../shared/transports.ts'
import {
  isPoll,
  type RecordedConnection,
  type RecordedPoll,
  type RecordedStream,
} from './recorded-connection.ts'

/** Connections recorded at one URL with one transport, in order. */
export type Route =
  | { readonly kind: RecordedStream['transport']; readonly connections: readonly RecordedStream[] }
  | { readonly kind: 'poll'; readonly connections: readonly RecordedPoll[] }

export interface Asked {
  readonly url: URL
  /** Whether the client asks for a WebSocket. */
  readonly upgrade: boolean
  readonly accept: string
  readonly method: string
}

const EVENT_STREAM = 'text/event-stream'

/** The protocol of a connection whose ids are known. */
export type ProtocolOf = (connection: number) => ProtocolIds | undefined

export class Routes {
  readonly #connections: readonly RecordedConnection[]
  readonly #routes = new Map<string, Route>()
  /** The protocols whose paths have ids, with their connections by paths without ids. */
  readonly #byPlainPath = new Map<ProtocolIds, Map<string, RecordedConnection[]>>()

  constructor(connections: readonly RecordedConnection[], protocolOf: ProtocolOf = () => undefined) {
    this.#connections = connections
    for (const recorded of connections) {
      const protocol = protocolOf(recorded.id)
      if (protocol?.replaceInRequest === undefined) continue
      const byPath = getOrMake(this.#byPlainPath, protocol, () => new Map<string, RecordedConnection[]>())
      addTo(byPath, plainPath(protocol, recorded.url), recorded)
    }
  }

  /**
   * The route for a request: recorded with the same path, or with the same path but for the ids in it; if possible, also
   * with the same method and query. Always the same object for the same connections. Undefined if nothing was recorded there.
   */
  find({ url, upgrade, accept, method }: Asked): Route | undefined {
    const isWanted = ({ transport }: RecordedConnection) =>
      (TRANSPORT_TRAITS[transport].scheme === 'ws') === upgrade
    const same = this.#connections.filter(
      (recorded) => recorded.url.pathname === url.pathname && isWanted(recorded),
    )
    const onPath = same.length > 0 ? same : this.#withOtherIds(url).filter(isWanted)
    const withMethod = preferred(onPath, (recorded) => recorded.method === method)
    const found = preferred(withMethod, (recorded) => isSameQuery(recorded, url))
    // A path can respond with an event stream or something else, depending on what the client accepts.
    const wantsEvents = accept.includes(EVENT_STREAM)
    const chosen = found.find(({ transport }) => (transport === 'sse') === wantsEvents) ?? found[0]
    if (chosen === undefined) return undefined
    return this.#route(found.filter(({ transport }) => transport === chosen.transport))
  }

  #withOtherIds(url: URL): readonly RecordedConnection[] {
    for (const [protocol, byPath] of this.#byPlainPath) {
      const found = byPath.get(plainPath(protocol, url))
      if (found !== undefined) return found
    }
    return []
  }

  #route(connections: readonly RecordedConnection[]): Route {
    const key = connections.map(({ id }) => id).join()
    return getOrMake(this.#routes, key, () => makeRoute(connections))
  }
}

/** Those that are preferred; all if there are none. */
function preferred<T>(all: readonly T[], isPreferred: (each: T) => boolean): readonly T[] {
  const some = all.filter(isPreferred)
  return some.length > 0 ? some : all
}

function makeRoute(connections: readonly RecordedConnection[]): Route {
  const polls = connections.filter(isPoll)
  if (polls.length > 0) return { kind: 'poll', connections: polls }
  const streams = connections.filter((recorded) => !isPoll(recorded))
  return { kind: streams[0]?.transport ?? 'http-stream', connections: streams }
}

/** A path with a placeholder for each id. */
function plainPath(protocol: ProtocolIds, { pathname }: URL): string {
  return protocol.replaceInRequest?.({ url: pathname, headers: {} }, () => '0').url ?? pathname
}

/** Whether the query equals the recorded one. Ignores masked values, and what changes between requests of a poll. */
function isSameQuery(recorded: RecordedConnection, { searchParams }: URL): boolean {
  const params = [...recorded.url.searchParams]
  if (isPoll(recorded))
    return params.every(([name, value]) => value === MASK || searchParams.getAll(name).includes(value))
  const masked = new Set(params.filter(([, value]) => value === MASK).map(([name]) => name))
  const compared = (entries: Iterable<[string, string]>) =>
    JSON.stringify([...entries].filter(([name]) => !masked.has(name)).sort())
  return compared(params) === compared(searchParams)
}
