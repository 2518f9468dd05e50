/** What the sides of a connection have agreed on about heartbeats, as their sub-protocol says it. */
import type { DecodedEvent } from '../../../shared/decoded.ts'
import { type Fields, fieldsOf, ownValue } from '../../../shared/fields.ts'
import type { FindingSource } from '../../../shared/finding.ts'
import { timeSpan } from '../../../shared/text/quantities.ts'

/** How long something may take. */
export interface Allowance {
  /** Milliseconds. */
  readonly ms: number
  /** Who allows it, as a sentence without a period. */
  readonly because: string
  /** The defaults of its libraries: neither side says so on the connection. */
  readonly isAssumed?: boolean
}

/** What is allowed. Absent for what the protocol does not limit. */
export interface HeartbeatTerms {
  readonly protocol: string
  readonly source: FindingSource
  /** The longest time in which nothing comes in, and in which nothing goes out. */
  readonly serverSilence?: Allowance
  readonly clientSilence?: Allowance
  /** From a heartbeat that asks until its answer: of the server, and of the client. */
  readonly serverAnswer?: Allowance
  readonly clientAnswer?: Allowance
}

/** How a packet came. */
export interface PacketContext {
  readonly isOut: boolean
  /** Session time in ms. */
  readonly time: number
  /** Of the connection. */
  readonly url: string
}

/** What earlier packets of the attempt said. */
interface Memory {
  /** STOMP: what the client can send and wants to get, in ms. */
  clientBeats?: readonly [sends: number, wants: number]
  /** Times of heartbeats that came at an interval that nobody names. */
  beats: number[]
}

type Terms = Omit<HeartbeatTerms, 'protocol' | 'source'>
type Learn = (packet: DecodedEvent, context: PacketContext, memory: Memory) => Terms | undefined

const SECOND = 1000

export class TermsReader {
  #memory: Memory = { beats: [] }

  /** The terms after a packet of a handshake, a heartbeat or a subscription; undefined if it says nothing new. */
  learn(packet: DecodedEvent, context: PacketContext): HeartbeatTerms | undefined {
    const { learn, source } = ownValue(PROTOCOLS, packet.protocol) ?? {}
    const terms = learn?.(packet, context, this.#memory)
    return terms && source && { protocol: packet.protocol, source, ...terms }
  }

  /** Another attempt begins. */
  reset(): void {
    this.#memory = { beats: [] }
  }
}

function positive(value: unknown): number {
  const number = Number(value)
  return Number.isFinite(number) && number > 0 ? number : 0
}

/** Until version 3, the client pings. */
const engineIo: Learn = (packet, { isOut, url }) => {
  if (isOut || packet.name !== 'open') return undefined
  const { pingInterval, pingTimeout } = fieldsOf(packet.value)
  const interval = positive(pingInterval)
  const timeout = positive(pingTimeout)
  if (interval === 0 || timeout === 0) return undefined
  const because = `the server named a ping interval of ${timeSpan(interval)} and a timeout of ${timeSpan(timeout)}`
  const both = { ms: interval + timeout, because }
  const answer = { ms: timeout, because }
  return /[?&]EIO=[123]\b/.test(url)
    ? { clientSilence: both, serverAnswer: answer }
    : { serverSilence: both, clientAnswer: answer }
}

/** Twice the interval is allowed, as in `@stomp/stompjs`. */
const stomp: Learn = ({ kind, value }, { isOut }, memory) => {
  if (kind !== 'handshake') return undefined
  const [sends = 0, wants = 0] = String(fieldsOf(fieldsOf(value).headers)['heart-beat'] ?? '0,0')
    .split(',')
    .map(positive)
  if (isOut) {
    memory.clientBeats = [sends, wants]
    return undefined
  }
  const [clientSends, clientWants] = memory.clientBeats ?? [0, 0]
  const allowance = (sender: number, receiver: number): Allowance | undefined => {
    if (sender === 0 || receiver === 0) return undefined
    const interval = Math.max(sender, receiver)
    const because = `both sides agreed on a heart-beat every ${timeSpan(interval)}, and twice that is allowed`
    return { ms: 2 * interval, because }
  }
  const serverSilence = allowance(sends, clientWants)
  const clientSilence = allowance(clientSends, wants)
  return { ...(serverSilence && { serverSilence }), ...(clientSilence && { clientSilence }) }
}

/** In MQTT 5.0, the server may name another keep alive (section 3.2.2.3.14). */
const mqtt: Learn = ({ name, value }) => {
  const fields = fieldsOf(value)
  const named = name === 'CONNECT' ? fields.keepalive : serverKeepAlive(name, fields)
  if (named === undefined) return undefined
  const keepAlive = positive(named) * SECOND
  if (keepAlive === 0) return {}
  const who = name === 'CONNECT' ? 'the client' : 'the server'
  const because = `${who} named a keep alive of ${timeSpan(keepAlive)}, and one and a half times that is allowed`
  const allowance = { ms: 1.5 * keepAlive, because }
  return { clientSilence: allowance, serverAnswer: allowance }
}

function serverKeepAlive(name: string | undefined, { properties }: Fields): unknown {
  return name === 'CONNACK' ? fieldsOf(properties).serverKeepAlive : undefined
}

const nes: Learn = ({ name, value }, { isOut }) => {
  if (isOut || name !== 'hello') return undefined
  const { interval, timeout } = fieldsOf(fieldsOf(value).heartbeat)
  const pause = positive(interval)
  const patience = positive(timeout)
  if (pause === 0 || patience === 0) return undefined
  const because = `the server named a heartbeat every ${timeSpan(pause)} and a timeout of ${timeSpan(patience)}`
  return {
    serverSilence: { ms: pause + patience, because },
    clientAnswer: { ms: patience, because },
  }
}

const signalr: Learn = ({ kind }) => {
  if (kind !== 'handshake') return undefined
  const because = 'SignalR pings every 15 s by default, and allows twice that'
  const allowance = { ms: 30 * SECOND, because, isAssumed: true }
  return { serverSilence: allowance, clientSilence: allowance }
}

const phoenix: Learn = () => ({
  clientSilence: {
    ms: 60 * SECOND,
    because: 'Phoenix ends a socket by default if the client sends nothing for 60 s',
    isAssumed: true,
  },
  serverAnswer: {
    ms: 30 * SECOND,
    because: 'clients of Phoenix send a heartbeat every 30 s, and give up if the last one is not answered',
    isAssumed: true,
  },
})

const actionCable: Learn = ({ name }, { isOut }) =>
  !isOut && name === 'welcome'
    ? {
        serverSilence: {
          ms: 6 * SECOND,
          because: 'Action Cable pings every 3 s, and its client gives up after 6 s',
          isAssumed: true,
        },
      }
    : undefined

const graphqlTransportWs: Learn = ({ name }) => {
  if (name !== 'ping') return undefined
  const because = 'a pong is due as soon as possible; the library graphql-ws waits for 12 s'
  const allowance = { ms: 12 * SECOND, because, isAssumed: true }
  return { serverAnswer: allowance, clientAnswer: allowance }
}

/** Keep-alive messages whose interval nobody names are counted on after this many of them. */
const BEATS = 5

const graphqlWs: Learn = ({ name }, { time, isOut }, { beats }) => {
  if (name !== 'ka' || isOut || beats.length > BEATS) return undefined
  beats.push(time)
  // The first one comes with the acknowledgment.
  const [, first, ...others] = beats
  if (beats.length <= BEATS || first === undefined) return undefined
  const interval = (time - first) / others.length
  const because = `keep-alive messages came every ${timeSpan(interval)}, and three times that is allowed`
  return { serverSilence: { ms: 3 * interval, because, isAssumed: true } }
}

interface Heartbeating {
  readonly learn: Learn
  readonly source: FindingSource
}

const PROTOCOLS: Readonly<Record<string, Heartbeating>> = {
  'engine.io': {
    learn: engineIo,
    source: {
      title: 'Engine.IO protocol, heartbeat',
      url: 'https://socket.io/docs/v4/engine-io-protocol/#heartbeat',
    },
  },
  stomp: {
    learn: stomp,
    source: {
      title: 'STOMP 1.2, heart-beating',
      url: 'https://stomp.github.io/stomp-specification-1.2.html#Heart-beating',
    },
  },
  mqtt: {
    learn: mqtt,
    source: {
      title: 'MQTT 3.1.1, section 3.1.2.10 (keep alive)',
      url: 'https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html#_Toc398718030',
    },
  },
  nes: {
    learn: nes,
    source: {
      title: 'nes protocol, heartbeat',
      url: 'https://github.com/hapijs/nes/blob/master/PROTOCOL.md',
    },
  },
  signalr: {
    learn: signalr,
    source: {
      title: 'ASP.NET Core SignalR, configuration of timeouts',
      url: 'https://learn.microsoft.com/aspnet/core/signalr/configuration',
    },
  },
  phoenix: {
    learn: phoenix,
    source: {
      title: 'Phoenix, options of a socket’s WebSocket',
      url: 'https://hexdocs.pm/phoenix/Phoenix.Endpoint.html#socket/3',
    },
  },
  'action-cable': {
    learn: actionCable,
    source: {
      title: 'Action Cable, connection monitor of its client',
      url: 'https://github.com/rails/rails/blob/main/actioncable/app/javascript/action_cable/connection_monitor.js',
    },
  },
  'graphql-transport-ws': {
    learn: graphqlTransportWs,
    source: {
      title: 'GraphQL over WebSocket, Ping and Pong',
      url: 'https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverWebSocket.md',
    },
  },
  'graphql-ws': {
    learn: graphqlWs,
    source: {
      title: 'GraphQL over WebSocket of Apollo, keep-alive',
      url: 'https://github.com/apollographql/subscriptions-transport-ws/blob/master/PROTOCOL.md',
    },
  },
}
