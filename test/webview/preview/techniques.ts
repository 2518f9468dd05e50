/** One invented feed over five techniques, as the design shows it. */
import type {
  TechniqueAnswers,
  TechniqueConnection,
  TechniqueReport,
} from '../../../src/shared/techniques.ts'
import type { TransportName } from '../../../src/shared/transports.ts'

const SENT = [800, 1650, 2100, 4400, 5900, 8200, 8650]

interface Figures {
  readonly requests: number
  readonly overhead: number
  readonly p50: number
  readonly p95: number
  readonly lost: number
}

function row(id: number, transport: TransportName, url: string, figures: Figures): TechniqueConnection {
  const { requests, overhead, p50, p95, lost } = figures
  const polls = transport === 'poll' || transport === 'long-poll'
  return {
    ...{ id, transport, url, interval: transport === 'poll' ? 1000 : null, inFeed: true },
    ...{ events: 150, messages: 150, sent: 0, requests, requestsPerEvent: requests / 150 },
    responses: polls ? requests : null,
    empty: transport === 'poll' ? 182 : polls ? 0 : null,
    emptyShare: transport === 'poll' ? 182 / 300 : polls ? 0 : null,
    payloadPerEvent: 96,
    overheadPerEvent: overhead,
    overhead: { heads: requests * 700, framing: 300, keepAlive: 20 },
    latency: { count: 150, p50, p95, p99: p95 * 1.2, max: p95 * 1.5 },
    eventsPerArrival: 1,
    ...{ reconnects: 1, lost, heldShare: 1, bytesIn: 20_000, bytesOut: 800, binaryShare: 0 },
    arrivals: SENT.map((time) => time + p50),
    cycles: cyclesOf(transport, p50),
  }
}

function cyclesOf(transport: TransportName, p50: number): TechniqueConnection['cycles'] {
  if (transport === 'long-poll')
    return [...SENT, 9900].map((to, at) => ({ from: (SENT[at - 1] ?? 0) + p50, to: to + p50, empty: false }))
  if (transport !== 'poll') return []
  return Array.from({ length: 10 }, (_, at) => {
    const to = at * 1000 + 300
    return { from: to - 20, to, empty: !SENT.some((time) => time < to && time >= to - 1000) }
  })
}

const SOURCE = { title: 'RFC 6202, section 2.2', url: 'https://www.rfc-editor.org/rfc/rfc6202#section-2.2' }

/** The best is what the answers ask for. */
export function inventedTechniques({ clientsSend }: TechniqueAnswers): TechniqueReport {
  const best: TransportName = clientsSend === 'always' ? 'websocket' : 'sse'
  const order = [best, ...(['websocket', 'sse', 'long-poll', 'http-stream', 'poll'] as const)]
  return {
    connections: [
      row(1, 'websocket', 'wss://feed.example/ws', { requests: 1, overhead: 7.4, p50: 24, p95: 41, lost: 2 }),
      row(2, 'sse', 'https://feed.example/sse', { requests: 2, overhead: 39, p50: 25, p95: 44, lost: 0 }),
      row(3, 'http-stream', 'https://feed.example/ndjson', {
        requests: 2,
        overhead: 17,
        p50: 25,
        p95: 46,
        lost: 2,
      }),
      row(4, 'long-poll', 'https://feed.example/wait', {
        requests: 147,
        overhead: 690,
        p50: 27,
        p95: 78,
        lost: 0,
      }),
      row(5, 'poll', 'https://feed.example/now', {
        requests: 300,
        overhead: 1330,
        p50: 512,
        p95: 968,
        lost: 0,
      }),
    ],
    feed: {
      ...{
        connections: [1, 2, 3, 4, 5],
        by: 'content',
        counter: 'seq',
        clock: 'sentAt',
        latencyFrom: 'clock',
      },
      ...{ skew: null, events: 150, duration: 300_000 },
    },
    advice: [...new Set(order)].map((technique, at) => ({
      technique,
      points: 5 - at,
      summary: at === 0 ? 'one way, quick, nothing lost' : 'quick, but heavy',
      measured: true,
      because: [
        { text: 'an event takes 25 ms (p50 of 150 events), 1 ms behind the best' },
        { text: '690 B come with 96 B of payload (average of 150 events)', source: SOURCE },
        { text: 'nothing of 150 events was lost over 1 reconnect, with Last-Event-ID', source: SOURCE },
      ],
    })),
    changes: [
      { change: 'Clients send more than 1 message for 10 received', technique: 'websocket' },
      { change: 'A proxy buffers the stream (finding buffered-stream)', technique: 'long-poll' },
    ],
    missing: [],
    drawn: { from: 0, to: 10_000, sent: SENT },
  }
}
