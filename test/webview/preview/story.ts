/** Some minutes of traffic of five connections: bursts, breaks, held polls, a stream. */

import type { Direction, EventType } from '../../../src/shared/event.ts'
import { allocateColumns, EVENT_COLUMNS, packKind, UNKNOWN_SIZE } from '../../../src/shared/event-columns.ts'
import type { EventPreview } from '../../../src/shared/protocol.ts'
import { type ConnectionStatus, newStatus } from '../../../src/shared/status.ts'
import { columnNames } from '../../../src/shared/typed-columns.ts'
import type { Source } from './source.ts'

/** A session as plain data, so that it can be passed to a page. */
export interface Story {
  readonly columns: Readonly<Record<keyof typeof EVENT_COLUMNS, readonly number[]>>
  readonly eventNames: readonly string[]
  readonly previews: readonly EventPreview[]
  readonly connections: readonly ConnectionStatus[]
  /** Session time at its end in milliseconds. */
  readonly at: number
}

/** The story as the host's source. */
export function told(story: Story): Source {
  const { columns, eventNames, previews, connections, at } = story
  return {
    eventNames,
    connections,
    time: (index) => columns.time[index] ?? at,
    columns: (from, to) => {
      const batch = allocateColumns(from, to - from)
      for (const name of columnNames(EVENT_COLUMNS)) batch[name].set(columns[name].slice(from, to))
      return batch
    },
    preview: (index) => previews[index] ?? { payloadName: '', text: '' },
    detail: (index, maxBytes) => {
      const payload = new TextEncoder().encode(previews[index]?.text ?? '')
      return {
        index,
        fields: { type: 'message', connection: columns.connection[index], time: columns.time[index] },
        payload: payload.slice(0, maxBytes),
        size: payload.length,
        dropped: false,
      }
    },
  }
}

interface Happening {
  readonly time: number
  readonly connection: number
  readonly type: EventType
  readonly direction?: Direction
  readonly size?: number
  /** The value of the event name column. */
  readonly eventName?: string
  readonly calls?: string
  readonly text?: string
  readonly empty?: boolean
  readonly binary?: boolean
}

/** Pseudo-random numbers from 0 to 1. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

const END = 133_000

/** The whole story, in order. */
export function tell(seed = 7): Story {
  const random = randomFrom(seed)
  const happenings = [...ticker(random), ...events(random), ...config(), ...log(random), ...status(random)]
  happenings.push({ time: 118_000, connection: 0, type: 'mark', text: 'deployed 4.2' })
  return record(happenings.sort((a, b) => a.time - b.time))
}

function begin(connection: number, url: string, at: number, code: string): Happening[] {
  return [
    { time: at, connection, type: 'connect', eventName: '0', text: `GET ${url}` },
    { time: at + 30, connection, type: 'open', eventName: code, text: `${code} HTTP/1.1` },
  ]
}

function ticker(random: () => number): Happening[] {
  const all = begin(1, 'wss://feed.example/ticker', 0, '101')
  const subscribe = '{"op":"subscribe","channel":"trades.ACME"}'
  for (let time = 50; time < END; ) {
    const isBurst = Math.sin(time / 4000) > 0.6
    time += -Math.log(random() + 1e-9) * (isBurst ? 4 : 28)
    const isTrade = random() < 0.6
    const size = random() < 0.003 ? 16_800 : Math.round(120 + 300 * random() ** 3)
    const calls = isTrade ? 'trade' : 'quote'
    all.push({
      time,
      connection: 1,
      type: 'message',
      direction: 'in',
      size,
      calls,
      text: `{"type":"${calls}","symbol":"ACME","price":${(100 + 5 * random()).toFixed(2)}}`,
    })
  }
  for (let time = 700; time < END; time += 6000 + 3000 * random())
    all.push({
      time,
      connection: 1,
      type: 'message',
      direction: 'out',
      size: subscribe.length,
      calls: 'subscribe',
      text: subscribe,
    })
  for (let time = 2000; time < END; time += 5000) {
    all.push({ time, connection: 1, type: 'ping', direction: 'in', size: 0 })
    all.push({
      time: time + 0.1,
      connection: 1,
      type: 'pong',
      direction: 'out',
      size: 0,
      text: 'answered in 0.1 ms',
    })
  }
  return all
}

function events(random: () => number): Happening[] {
  const all = begin(2, 'https://api.example/events', 200, '200')
  const breaks = [40_000, 125_200, 131_700]
  let id = 1100
  let from = 300
  for (const [i, end] of [...breaks, END].entries()) {
    for (let time = from; time < end; time += 180 + 120 * random())
      all.push({
        time,
        connection: 2,
        type: 'message',
        direction: 'in',
        size: Math.round(40 + 90 * random()),
        eventName: i % 2 === 0 ? 'price' : 'message',
        calls: 'tick',
        text: `id ${id++}  {"symbol":"ACME","price":102.26}`,
      })
    if (end === END) break
    const reason = i === 2 ? 'the server answered 504' : 'connection reset'
    all.push({
      time: end,
      connection: 2,
      type: 'reconnect',
      eventName: String(i === 2 ? 2 : 1),
      text: `reconnect ${i === 2 ? 2 : 1} in 1.4 s · ${reason} · resumes after id ${id - 1}`,
    })
    from = end + 1400
    if (i === 2) break
    all.push({
      time: from,
      connection: 2,
      type: 'connect',
      eventName: '1',
      text: 'GET https://api.example/events · attempt 1',
    })
    all.push({ time: from + 40, connection: 2, type: 'open', eventName: '200', text: '200 HTTP/1.1' })
    all.push({ time: from + 50, connection: 2, type: 'gap', text: '3 missed' })
    from += 60
    id += 3
  }
  return all
}

/** Duration in milliseconds, status, and bytes if there are any. */
const POLLS: readonly (readonly [number, number, number])[] = [
  [30_000, 304, 0],
  [9000, 200, 1230],
  [30_000, 304, 0],
  [30_000, 304, 0],
  [12_000, 200, 640],
  [2900, 304, 0],
  [3100, 200, 1230],
  [2400, 304, 0],
  [500, 200, 88],
  [400, 502, 0],
]

function config(): Happening[] {
  const url = 'https://kv.example/config?wait=30s'
  const all = begin(3, url, 300, '200')
  let time = 340
  for (const [held, code, bytes] of POLLS) {
    all.push({ time, connection: 3, type: 'request', text: url })
    time += held
    all.push({
      time,
      connection: 3,
      type: 'response',
      eventName: String(code),
      empty: code === 304,
      text: `${code} · held ${(held / 1000).toFixed(1)} s`,
    })
    if (bytes > 0)
      all.push({
        time: time + 0.4,
        connection: 3,
        type: 'message',
        direction: 'in',
        size: bytes,
        text: '{"Key":"a"}',
      })
    if (code >= 400)
      all.push({
        time: time + 1,
        connection: 3,
        type: 'error',
        eventName: 'HTTP_STATUS',
        text: `The server answered ${code} Bad Gateway; the next poll is in 0.5 s.`,
      })
    time += code >= 400 ? 500 : 60
  }
  all.push({ time, connection: 3, type: 'request', text: url })
  return all
}

function log(random: () => number): Happening[] {
  const all = begin(4, 'https://api.example/log', 400, '200')
  for (let time = 500; time < END; time += 60 + 200 * random())
    all.push({
      time,
      connection: 4,
      type: 'message',
      direction: 'in',
      size: Math.round(400 + 5000 * (1 + Math.sin(time / 3000)) * random()),
      text: '{"level":"info","message":"…"}',
    })
  return all
}

function status(random: () => number): Happening[] {
  const all = begin(5, 'https://api.example/status', 600, '200')
  for (let time = 700; time < END; time += 1000) {
    const took = 40 + 120 * random()
    const code = random() < 0.06 ? 503 : 200
    all.push({ time, connection: 5, type: 'request' })
    all.push({ time: time + took, connection: 5, type: 'response', eventName: String(code) })
    if (code === 200)
      all.push({
        time: time + took + 1,
        connection: 5,
        type: 'message',
        direction: 'in',
        size: 64,
        text: '{"ok":true}',
      })
  }
  return all
}

function record(happenings: readonly Happening[]): Story {
  const eventNames = [...new Set(['', ...happenings.map(({ eventName = '' }) => eventName)])]
  const count = (id: number, direction: Direction) =>
    happenings.filter(
      (each) => each.connection === id && each.direction === direction && each.type === 'message',
    ).length
  const connection = (
    id: number,
    transport: ConnectionStatus['transport'],
    url: string,
  ): ConnectionStatus => ({
    ...newStatus(id),
    state: 'open',
    since: 30,
    openedAt: 30,
    transport,
    url,
    messagesIn: count(id, 'in'),
    messagesOut: count(id, 'out'),
  })
  const column = (read: (each: Happening) => number) => happenings.map(read)
  return {
    columns: {
      time: column(({ time }) => time),
      kind: column(({ type, direction, binary, empty }) => packKind({ type, direction, binary, empty })),
      connection: column((each) => each.connection),
      size: column(({ size = 0 }) => size),
      wireSize: column(({ size }) => (size === undefined ? UNKNOWN_SIZE : size + 4)),
      eventName: column(({ eventName = '' }) => eventNames.indexOf(eventName)),
    },
    eventNames,
    previews: happenings.map(({ calls, type, text = '' }) => ({
      payloadName: type === 'message' ? (calls ?? 'text') : '',
      text,
    })),
    connections: [
      { ...connection(1, 'websocket', 'wss://feed.example/ticker'), rate: 58, canSend: true },
      {
        ...connection(2, 'sse', 'https://api.example/events'),
        state: 'waiting',
        since: 131_700,
        reconnects: 2,
        retry: { attempt: 2, at: END + 1400, reason: 'the server answered 504' },
      },
      {
        ...connection(3, 'long-poll', 'https://kv.example/config?wait=30s'),
        heldSince: 121_700,
        responses: 10,
        emptyResponses: 5,
      },
      { ...connection(4, 'http-stream', 'https://api.example/log'), rate: 6 },
      { ...connection(5, 'poll', 'https://api.example/status'), responses: 132, rate: 1 },
    ],
    at: END,
  }
}
