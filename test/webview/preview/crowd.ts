/** A generated session of many connections, each of which asks and is answered once a second. */

import { allocateColumns, packKind } from '../../../src/shared/event-columns.ts'
import type { Exchange } from '../../../src/shared/exchange.ts'
import type { ExchangeList, ExchangeMethods, LaneExchanges } from '../../../src/shared/protocol/exchanges.ts'
import { TRAFFIC_ROW } from '../../../src/shared/protocol/status-update.ts'
import { type ConnectionStatus, newStatus } from '../../../src/shared/status.ts'
import type { Source } from './source.ts'

/** Milliseconds between two requests of a connection. */
const PERIOD = 1000
const NAMES = ['sum', 'history', 'upload', 'kick']
/** Requests of a connection that are listed, as by the engine. */
const MAX_LISTED = 500
const SIZES = [48, 620]

const KINDS = [
  packKind({ type: 'message', direction: 'out' }),
  packKind({ type: 'message', direction: 'in' }),
] as const

/** Connections whose traffic is in an update of the status, as from the engine. */
const MOST_ROWS = 512

export interface Crowd extends Source {
  /** Rows of an update of the status (`TRAFFIC_ROW`): the traffic of some connections after so many events, in turn. */
  traffic(events: number): Float64Array<ArrayBuffer>
  exchanges(span: ExchangeMethods['exchanges']['params']): ExchangeList
}

/** `hasRequests` says whether the messages are known as requests and answers. */
export function crowdOf(count: number, hasRequests: boolean): Crowd {
  const step = PERIOD / (2 * count)
  const askedAt = (connection: number, nth: number) => nth * PERIOD + (connection - 1) * step
  /** Answers come in the order of requests, half a period after all of those. */
  const time = (index: number) => index * step
  const round = (index: number) => Math.floor(index / (2 * count))
  const isAnswer = (index: number) => index % (2 * count) >= count
  const laneOf = (connection: number, from: number, to: number): LaneExchanges => {
    const first = Math.max(0, Math.floor((from - PERIOD) / PERIOD))
    const last = Math.min(Math.floor(to / PERIOD), first + MAX_LISTED)
    const exchanges: Exchange[] = []
    for (let nth = first; nth < last; nth++) {
      const start = askedAt(connection, nth)
      const index = nth * 2 * count + connection - 1
      const isUnanswered = (nth + connection) % 50 === 49
      const took = 20 + ((nth * 7 + connection * 13) % 400)
      exchanges.push({
        index,
        start,
        end: isUnanswered ? start : start + took,
        answer: isUnanswered ? null : index + count,
        answers: isUnanswered ? 0 : 1,
        isStream: false,
        isOver: !isUnanswered,
        hasFailed: (nth + connection) % 40 === 0,
        kind: 'request',
        name: NAMES[nth % NAMES.length] ?? '',
      })
    }
    return {
      connection,
      exchanges,
      counts: null,
      answers: [],
      answerCount: 0,
      heartbeats: [],
      figures: null,
    }
  }
  let next = 0
  return {
    eventNames: [''],
    traffic: (events) => {
      const rows = new Float64Array(Math.min(MOST_ROWS, count) * TRAFFIC_ROW)
      for (let at = 0; at < rows.length; at += TRAFFIC_ROW) {
        const place = next++ % count
        const messages = Math.max(0, Math.ceil((events - place) / count))
        const [sent, received] = [Math.ceil(messages / 2), Math.floor(messages / 2)]
        rows.set([place + 1, received, sent, received * (SIZES[1] ?? 0), sent * (SIZES[0] ?? 0), 1], at)
      }
      return rows
    },
    connections: Array.from(
      { length: count },
      (_, i): ConnectionStatus => ({
        ...newStatus(i + 1),
        url: `wss://feed.example/room-${i + 1}`,
        transport: 'websocket',
        state: 'open',
        openedAt: 0,
        canSend: true,
        rate: 2,
      }),
    ),
    time,
    columns: (from, to) => {
      const columns = allocateColumns(from, to - from)
      for (let i = 0; i < columns.count; i++) {
        const way = isAnswer(from + i) ? 1 : 0
        columns.time[i] = time(from + i)
        columns.connection[i] = ((from + i) % count) + 1
        columns.kind[i] = KINDS[way]
        columns.size[i] = SIZES[way] ?? 0
      }
      return columns
    },
    preview: (index) => ({ payloadName: NAMES[round(index) % NAMES.length] ?? '', text: `${index}` }),
    detail: (index) => ({
      index,
      fields: { type: 'message', connection: (index % count) + 1, time: time(index) },
      payload: new Uint8Array(),
      size: 0,
      dropped: false,
    }),
    exchanges: ({ from, to, connections }) => ({
      lanes: hasRequests ? connections.map((connection) => laneOf(connection, from, to)) : [],
      rows: hasRequests ? Array.from({ length: count }, (_, i) => [i + 1, 1] as const) : [],
      isCurrent: true,
    }),
  }
}
