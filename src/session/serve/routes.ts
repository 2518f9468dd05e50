/** Finds what was recorded at a requested URL. */
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
}

const EVENT_STREAM = 'text/event-stream'

export class Routes {
  readonly #connections: readonly RecordedConnection[]
  readonly #routes = new Map<string, Route>()

  constructor(connections: readonly RecordedConnection[]) {
    this.#connections = connections
  }

  /**
   * The route for a request: recorded with the same path and query, or else with the same path. Always the same
   * object for the same connections. Undefined if nothing was recorded there.
   */
  find({ url, upgrade, accept }: Asked): Route | undefined {
    const onPath = this.#connections.filter(
      (recorded) =>
        recorded.url.pathname === url.pathname &&
        (TRANSPORT_TRAITS[recorded.transport].scheme === 'ws') === upgrade,
    )
    const exact = onPath.filter((recorded) => isSameQuery(recorded, url))
    const found = exact.length > 0 ? exact : onPath
    // A path can respond with an event stream or something else, depending on what the client accepts.
    const wantsEvents = accept.includes(EVENT_STREAM)
    const chosen = found.find(({ transport }) => (transport === 'sse') === wantsEvents) ?? found[0]
    if (chosen === undefined) return undefined
    return this.#route(found.filter(({ transport }) => transport === chosen.transport))
  }

  #route(connections: readonly RecordedConnection[]): Route {
    const key = connections.map(({ id }) => id).join()
    const route = this.#routes.get(key) ?? makeRoute(connections)
    this.#routes.set(key, route)
    return route
  }
}

function makeRoute(connections: readonly RecordedConnection[]): Route {
  const polls = connections.filter(isPoll)
  if (polls.length > 0) return { kind: 'poll', connections: polls }
  const streams = connections.filter((recorded) => !isPoll(recorded))
  return { kind: streams[0]?.transport ?? 'http-stream', connections: streams }
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
