/** Options that were given and have no say in the connection that was asked for. */
import { schemeOf, type TransportName, transportsWith } from '../../shared/transports.ts'
import type { ConnectOptions } from './plan.ts'

interface Rule {
  readonly flag: string
  isGiven(options: ConnectOptions): boolean
  readonly transports: readonly TransportName[]
  /** What it is for, and where that is something else than was meant, what to give instead. */
  readonly purpose: string
}

const HTTP = transportsWith('scheme', 'http')
const SOCKETS = transportsWith('scheme', 'ws')
const POLLS = transportsWith('polls', true)
const POLLING = 'it is for polling; add --transport poll or long-poll to a URL of http: or https:'

const RULES: readonly Rule[] = [
  {
    flag: '-X',
    isGiven: ({ method }) => method !== undefined,
    transports: HTTP,
    purpose: 'a WebSocket is always opened by GET',
  },
  {
    flag: '-d',
    isGiven: ({ data }) => data !== undefined,
    transports: HTTP,
    purpose: 'it is the body of an HTTP request; send messages over a WebSocket with --send',
  },
  {
    flag: '--subprotocol',
    isGiven: ({ subprotocol }) => subprotocol !== undefined,
    transports: SOCKETS,
    purpose: 'only WebSockets have subprotocols',
  },
  {
    flag: '--no-compression',
    isGiven: ({ compression }) => !compression,
    transports: SOCKETS,
    purpose: 'it is for WebSockets; for HTTP give -H "Accept-Encoding: identity"',
  },
  {
    flag: '--framing',
    isGiven: ({ framing }) => framing !== 'auto',
    transports: transportsWith('hasFraming', true),
    purpose: 'it is for HTTP streams',
  },
  {
    flag: '--cursor',
    isGiven: ({ cursor }) => cursor !== undefined,
    transports: transportsWith('resumesBy', 'cursor'),
    purpose: POLLING,
  },
  {
    flag: '--interval',
    isGiven: ({ interval }) => interval !== undefined,
    transports: POLLS,
    purpose: POLLING,
  },
]

/** A sentence for each. */
export function idleOptions(url: string, options: ConnectOptions): string[] {
  const possible = transportsOf(url, options)
  return RULES.filter(
    ({ isGiven, transports }) => isGiven(options) && !transports.some((each) => possible.includes(each)),
  ).map(({ flag, purpose }) => `${flag} has no effect here: ${purpose}.`)
}

/** What the connection may turn out to be; polling is never found out, but asked for. */
function transportsOf(url: string, { transport }: ConnectOptions): readonly TransportName[] {
  if (transport !== 'auto') return [transport]
  return schemeOf(url) === 'ws' ? SOCKETS : HTTP.filter((name) => !POLLS.includes(name))
}
