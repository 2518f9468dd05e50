/** A report like the engine's, on generated traffic. */
import type { ConnectionReport, DirectionReport, SessionReport } from '../../../src/shared/report.ts'

const BUCKET = 512
const BUCKETS = 80

function direction(
  messages: number,
  wire: number,
  rate: (bucket: number) => number = (n) => 5 + ((n * 7) % 13),
): DirectionReport {
  const counts = Array.from({ length: BUCKETS }, (_, n) => rate(n))
  return {
    messages,
    bytes: {
      payload: messages * 120,
      known: messages,
      unknown: 0,
      heads: 0,
      wire,
      overhead: wire - messages * 120,
    },
    sizes: [
      { from: 32, to: 63, count: 4 },
      { from: 64, to: 127, count: messages - 10 },
      { from: 128, to: 255, count: 6 },
    ],
    gaps: messages > 1 ? { p50: 4, p95: 12.5, p99: 80, max: 1200 } : null,
    gapCounts: [
      { from: 2, to: 4, count: 12 },
      { from: 4, to: 8, count: messages - 20 },
      { from: 8, to: 16, count: 6 },
      { from: 16, to: 1024, count: 0 },
      { from: 1024, to: 2048, count: 1 },
    ],
    rate: { bucket: BUCKET, counts, peak: Math.max(0, ...counts) },
  }
}

const NONE: DirectionReport = {
  messages: 0,
  bytes: { payload: 0, known: 0, unknown: 0, heads: 0, wire: 0, overhead: 0 },
  sizes: [],
  gaps: null,
  gapCounts: [],
  rate: { bucket: BUCKET, counts: [], peak: 0 },
}
const STEADY = { reconnects: 0, outages: 0, timeLost: 0, longest: 0, endsLost: false, missed: 0, repeated: 0 }

const FEED: ConnectionReport = {
  id: 1,
  transport: 'websocket',
  url: 'wss://feed.example/ticker',
  from: 0,
  to: 41_000,
  events: {},
  in: direction(800, 70_000),
  out: direction(200, 26_000, (n) => n % 3),
  eventNames: {},
  errors: {},
  outages: STEADY,
  decoded: [],
  answers: { p50: 12, p95: 40, p99: 80, max: 90 },
  delivery: {
    field: 'ts',
    events: 800,
    latency: { p50: 2.1, p95: 18, p99: 60, max: 240 },
    fastest: -120.4,
    roundTrip: 0.8,
  },
  polls: null,
  openFor: 40_900,
  firstByte: { dns: 3.1, tcp: 9.3, tls: 9.5, answer: 8.3, total: 30.2 },
  roundTrips: { p50: 11, p95: 19, p99: 42, max: 51 },
  down: [],
}

export function inventedReport(): SessionReport {
  return {
    startedAt: '2026-11-23T14:00:00.000Z',
    generator: 'preview',
    duration: 41_000,
    events: 1204,
    marks: 0,
    findings: [],
    connections: [
      FEED,
      {
        ...FEED,
        answers: null,
        roundTrips: null,
        id: 3,
        transport: 'long-poll',
        url: 'https://kv/config?wait=30s',
        in: direction(31, 4000, (n) => Number(n % 25 === 3)),
        out: NONE,
        errors: { HTTP_STATUS: 2 },
        outages: { ...STEADY, reconnects: 3, outages: 2, timeLost: 5200, longest: 4000, missed: 7 },
        polls: {
          requests: 32,
          responses: 31,
          empty: 27,
          emptyShare: 27 / 31,
          held: { p50: 900, p95: 2900, p99: 3000, max: 3001 },
        },
        openFor: 35_700,
        firstByte: { dns: 1, tcp: 3, tls: 8, answer: 900, total: 912 },
        down: [
          { from: 12_000, to: 16_000 },
          { from: 30_000, to: 31_200 },
        ],
      },
    ],
  }
}
