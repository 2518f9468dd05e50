/** What surrounds a message: the URL, the SSE event type, the transport. */
import type { EncodedMessage } from '../decoder.ts'
import { urlOf } from '../facts.ts'

export interface Address {
  readonly origin: string
  readonly host: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
}

/** What `@` stands for in a path. */
export interface Surroundings {
  readonly event: string
  readonly transport: string
  /** The method of the request that the message belongs to. */
  readonly method: string
  readonly connection: number
  readonly path: string
  readonly query: Readonly<Record<string, string>>
}

const NOWHERE: Address = { origin: '', host: '', path: '', query: {} }

let latestUrl = ''
let latestAddress: Address = NOWHERE

/** The parts of a URL. The latest are cached. */
export function addressOf(url = ''): Address {
  if (url !== latestUrl) {
    latestAddress = parsed(url)
    latestUrl = url
  }
  return latestAddress
}

function parsed(text: string): Address {
  const url = urlOf(text)
  if (url === undefined) return NOWHERE
  // WebSocket and HTTP connections of one server belong together.
  const origin = `${/^(?:wss|https):$/.test(url.protocol) ? 'https' : 'http'}://${url.host}`
  return { origin, host: url.hostname, path: url.pathname, query: Object.fromEntries(url.searchParams) }
}

/** Of a message about which nothing else is known. */
export const NO_SURROUNDINGS: Surroundings = {
  event: '',
  transport: '',
  method: '',
  connection: 0,
  path: '',
  query: {},
}

export function surroundingsOf({ eventName, facts, url }: EncodedMessage): Surroundings {
  const { path, query } = addressOf(url)
  const { transport = '', method = '', connection } = facts
  return { event: eventName, transport, method, connection, path, query }
}
