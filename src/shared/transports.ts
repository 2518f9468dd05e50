/** What each transport is. To add a transport, add a row: every list of transports and every switch derives from this table. */

/** The two families of URL schemes: `ws` and `wss`, `http` and `https`. */
export type SchemeFamily = 'ws' | 'http'

export interface TransportTraits {
  /** Its name within a sentence. */
  readonly label: string
  /** Its name in front of a URL, if there is little room. */
  readonly shortName: string
  readonly scheme: SchemeFamily
  /** Sends messages once it is open. */
  readonly sends: boolean
  /** Repeats its request: each message is the body of a response. */
  readonly polls: boolean
  /** What a new request contains so that no messages are missed. */
  readonly resumesBy: 'lastEventId' | 'cursor' | undefined
  /** The user can choose how the body is split into messages. */
  readonly hasFraming: boolean
  /** How the timeline draws its messages: one by one, in cycles of request and response, or as a rate. */
  readonly shape: 'ticks' | 'cycles' | 'area'
}

const STREAM = {
  scheme: 'http',
  sends: false,
  polls: false,
  resumesBy: undefined,
  hasFraming: false,
  shape: 'ticks',
} as const
const POLL = { ...STREAM, polls: true, resumesBy: 'cursor', shape: 'cycles' } as const

export const TRANSPORT_TRAITS = {
  websocket: { ...STREAM, label: 'WebSocket', shortName: 'ws', scheme: 'ws', sends: true },
  sse: { ...STREAM, label: 'SSE', shortName: 'sse', resumesBy: 'lastEventId' },
  'long-poll': { ...POLL, label: 'long polling', shortName: 'long-poll' },
  poll: { ...POLL, label: 'polling', shortName: 'poll' },
  'http-stream': {
    ...STREAM,
    label: 'HTTP streaming',
    shortName: 'stream',
    resumesBy: 'cursor',
    hasFraming: true,
    shape: 'area',
  },
} as const satisfies Readonly<Record<string, TransportTraits>>

export type TransportName = keyof typeof TRANSPORT_TRAITS

export const TRANSPORTS = Object.keys(TRANSPORT_TRAITS) as readonly TransportName[]

/** The transports that have a value of a trait. */
export type TransportWith<Trait extends keyof TransportTraits, Value> = {
  [Name in TransportName]: (typeof TRANSPORT_TRAITS)[Name][Trait] extends Value ? Name : never
}[TransportName]

export type PollingTransport = TransportWith<'polls', true>

/** The traits of a transport, undefined for `auto` and for a name that this version does not know. */
export function traitsOf(transport: string | undefined): TransportTraits | undefined {
  return transport !== undefined && Object.hasOwn(TRANSPORT_TRAITS, transport)
    ? TRANSPORT_TRAITS[transport as TransportName]
    : undefined
}

/** The transports that have a value of a trait. */
export function transportsWith<Trait extends keyof TransportTraits>(
  trait: Trait,
  value: TransportTraits[Trait],
): readonly TransportName[] {
  return TRANSPORTS.filter((name) => (TRANSPORT_TRAITS[name] as TransportTraits)[trait] === value)
}

export function isPolling(transport: TransportName | 'auto' | undefined): transport is PollingTransport {
  return traitsOf(transport)?.polls === true
}

/** The family of a URL's scheme, also of one that names a Unix socket; undefined for another scheme or none. */
export function schemeOf(url: string): SchemeFamily | undefined {
  const [, family] = /^(ws|http)s?(?:\+unix)?:/i.exec(url) ?? []
  return family?.toLowerCase() as SchemeFamily | undefined
}

/** The scheme of the other family with the same encryption: `https:` for `wss:`. Other schemes are returned unchanged. */
export function protocolIn(family: SchemeFamily, protocol: string): string {
  if (!/^(?:ws|http)s?:/i.test(protocol)) return protocol
  return /^(?:wss|https):/i.test(protocol) ? `${family}s:` : `${family}:`
}
