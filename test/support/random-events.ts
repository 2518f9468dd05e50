/** Seeded random sessions: every event type, each optional field present or not. */
import type { Headers, RealtimeEvent } from '../../src/shared/event.ts'
import { FRAMINGS, HTTP_VERSIONS } from '../../src/shared/spec.ts'
import { TRANSPORTS } from '../../src/shared/transports.ts'
import { seededRandom } from './splits.ts'

type Random = () => number

const TEXTS = [
  '',
  'a',
  'hello world',
  '{"a":1,"b":[true,null]}',
  'é€😀',
  '\ufeffbom',
  '\0\u0001\n\r"\\',
  '\u2028',
  '***',
]

function pick<T>(random: Random, from: readonly T[]): T {
  const picked = from[Math.floor(random() * from.length)]
  if (picked === undefined) throw new Error('nothing to pick from')
  return picked
}

function int(random: Random, below: number): number {
  return Math.floor(random() * below)
}

/** The given fields, each present or not. */
function maybe<T extends object>(random: Random, fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(() => random() < 0.5)) as Partial<T>
}

export function randomPayload(random: Random, maxSize = 300): Uint8Array {
  switch (int(random, 4)) {
    case 0:
      return Buffer.from(pick(random, TEXTS))
    case 1:
      return Buffer.from(pick(random, TEXTS).repeat(int(random, 20)))
    case 2:
      return Uint8Array.from({ length: int(random, maxSize) }, () => int(random, 256))
    default:
      return Buffer.alloc(int(random, maxSize), 'x')
  }
}

function randomHeaders(random: Random): Headers {
  return maybe<Record<string, string | string[]>>(random, {
    'content-type': 'text/event-stream',
    'set-cookie': ['a=1', 'b=2'],
    authorization: 'Bearer abcdef',
    'x-text': pick(random, TEXTS),
  }) as Headers
}

/** One event at session time `time`, in ms with microsecond precision. */
export function randomEvent(random: Random, time: number, maxSize?: number): RealtimeEvent {
  const base = { connection: 1 + int(random, 3), time }
  const direction = pick(random, ['in', 'out'] as const)
  const payload = () => ({
    payload: randomPayload(random, maxSize),
    ...maybe(random, { wireSize: int(random, 5000) }),
  })
  const extra = random() < 0.05 ? { extra: { future: [1, { x: pick(random, TEXTS) }] } } : {}
  switch (int(random, 20)) {
    case 0:
      return {
        type: 'connect',
        ...base,
        transport: pick(random, [...TRANSPORTS, 'auto'] as const),
        url: 'https://user:pass@host/path?token=abc&x=1',
        attempt: int(random, 4),
        ...maybe(random, {
          method: 'PUT',
          headers: randomHeaders(random),
          body: pick(random, ['text', { base64: 'AAE=' }]),
          subprotocols: ['a', 'b'],
          reconnect: pick(random, ['never', 'backoff', 500] as const),
          maxAttempts: 3,
          interval: 250,
          timeout: 1000,
          framing: pick(random, FRAMINGS),
          cursor: 'json:/next:since',
          tls: { insecure: true, ca: ['PEM'], key: 'PRIVATE' },
          proxy: 'http://u:p@proxy:1',
          maxMessageSize: 1000,
          http: pick(random, HTTP_VERSIONS),
          plainResponse: random() < 0.5,
          compression: false,
          pingInterval: 10_000,
          cookieJar: random() < 0.5,
          asBrowser: random() < 0.5,
          latencyField: '$.sentAt',
          decoder: 'mqtt',
          protocol: 'mqtt',
          protocolOptions: { clientId: 'é', list: [1, { a: null }] },
        }),
        ...extra,
      }
    case 1:
      return {
        type: 'open',
        ...base,
        transport: pick(random, TRANSPORTS),
        status: 200,
        headers: randomHeaders(random),
        httpVersion: '1.1',
        ...maybe(random, {
          subprotocol: 'a',
          extensions: 'permessage-deflate',
          remoteAddress: '127.0.0.1:80',
          tls: { protocol: 'TLSv1.3', cipher: 'X', validTo: '2027-01-01T00:00:00.000Z' },
          timing: { queued: 2, dns: 0.25, firstByte: 3 },
          requestHeadSize: 180,
          headSize: 240,
          framing: 'lines',
          redirects: [{ status: 302, location: '/x?token=abc' }],
          challenges: 1,
        }),
        ...extra,
      }
    case 2:
      return { type: pick(random, ['ping', 'pong'] as const), ...base, direction, ...payload(), ...extra }
    case 3:
      return { type: 'comment', ...base, ...payload(), ...extra }
    case 4:
      return {
        type: 'request',
        ...base,
        url: 'http://h/?since=1&api_key=k',
        headers: randomHeaders(random),
        ...maybe(random, { cursor: 'since=1' }),
        ...maybe(random, { method: 'POST', body: 'token=abc' }),
        ...maybe(random, { automatic: 'protocol' as const }),
        ...extra,
      }
    case 5:
      return {
        type: 'response',
        ...base,
        status: 204,
        headers: randomHeaders(random),
        held: Math.round(random() * 1e6) / 1000,
        ...maybe(random, { head: Math.round(random() * 1e6) / 1000 }),
        empty: random() < 0.5,
        ...maybe(random, { cursor: 'since=2' }),
        ...maybe(random, { timing: { tcp: 0.5, firstByte: 3 }, requestHeadSize: 180 }),
        ...maybe(random, { headSize: 240 }),
        ...maybe(random, { redirects: [{ status: 307, location: 'http://u:p@h/poll' }] }),
        ...maybe(random, { challenges: 2 }),
        ...maybe(random, { oddities: ['odd'] }),
        ...extra,
      }
    case 6:
      return {
        type: 'close',
        ...base,
        by: pick(random, ['client', 'server', 'network'] as const),
        ...maybe(random, { code: 1001, reason: pick(random, TEXTS), wireSize: 4 }),
        ...maybe(random, { trailers: randomHeaders(random), oddities: ['odd'], rule: 'a => @disconnect' }),
        ...extra,
      }
    case 7:
      return {
        type: 'error',
        ...base,
        message: 'Could not reach http://u:p@h/.',
        code: 'ECONNREFUSED',
        ...maybe(random, { status: 500 }),
        ...extra,
      }
    case 8:
      return {
        type: 'reconnect',
        ...base,
        attempt: 1 + int(random, 9),
        delay: Math.round(random() * 5e6) / 1000,
        reason: 'connection reset',
        ...maybe(random, { lastEventId: pick(random, TEXTS), sameId: true, cursor: 'x' }),
        ...extra,
      }
    case 9:
      return { type: 'gap', ...base, ...maybe(random, { missed: 3, repeated: 1 }), ...extra }
    case 10:
      return { type: 'pause', ...base, duration: Math.round(random() * 1e6) / 1000, ...extra }
    case 11:
      return {
        type: 'mark',
        time,
        text: pick(random, [...TEXTS, 'lone \ud800 surrogate']),
        ...maybe(random, { rule: 'a => @mark b' }),
        ...extra,
      }
    default:
      return {
        type: 'message',
        ...base,
        direction,
        ...payload(),
        ...maybe(random, {
          opcode: pick(random, ['text', 'binary'] as const),
          frames: pick(random, [0, 1, 7, 65_535, 70_000]),
          compressed: random() < 0.5,
          event: pick(random, ['message', 'tick', 'x'.repeat(500), '']),
          id: pick(random, ['1', '', 'é', 'lone \udc00', '0'.repeat(300)]),
          sameId: random() < 0.5,
          framing: pick(random, ['raw', 'json-array']),
          oddities: pick(random, [[], ['no boundary before it', 'é"']]),
          truncated: random() < 0.5,
          automatic: pick(random, ['protocol', 'rule', 'keep-alive'] as const),
        }),
        ...extra,
      }
  }
}

/** A session of `count` events, times rising. */
export function randomSession(seed: number, count: number, maxSize?: number): RealtimeEvent[] {
  const random = seededRandom(seed)
  let time = 0
  return Array.from({ length: count }, () => {
    time = Math.round((time + random() * 10) * 1000) / 1000
    return randomEvent(random, time, maxSize)
  })
}

/** The event with its payload as a plain array of bytes, so that a Buffer equals a Uint8Array. */
export function plain(event: RealtimeEvent): unknown {
  return 'payload' in event ? { ...event, payload: [...event.payload] } : event
}
