/** A report like the engine's, on generated traffic. */
import type { DirectionReport, SessionReport } from '../../../src/shared/report.ts'

function direction(messages: number, wire: number): DirectionReport {
  return {
    messages,
    bytes: { payload: messages * 120, known: messages, unknown: 0, wire, overhead: wire - messages * 120 },
    sizes: [
      { from: 64, to: 127, count: messages - 10 },
      { from: 128, to: 255, count: 10 },
    ],
    gaps: messages > 1 ? { p50: 4, p95: 12.5, p99: 80, max: 1200 } : null,
    rate: { bucket: 1024, counts: Array.from({ length: 40 }, (_, n) => 5 + ((n * 7) % 13)), peak: 17 },
  }
}

const NONE: DirectionReport = {
  messages: 0,
  bytes: { payload: 0, known: 0, unknown: 0, wire: 0, overhead: 0 },
  sizes: [],
  gaps: null,
  rate: { bucket: 1024, counts: [], peak: 0 },
}
const STEADY = { reconnects: 0, outages: 0, timeLost: 0, longest: 0, endsLost: false, missed: 0, repeated: 0 }

export function inventedReport(): SessionReport {
  const common = { from: 0, to: 41_000, events: {}, eventNames: {}, errors: {}, outages: STEADY, polls: null }
  return {
    startedAt: '2026-11-23T14:00:00.000Z',
    generator: 'preview',
    duration: 41_000,
    events: 1204,
    marks: 0,
    connections: [
      {
        ...common,
        id: 1,
        transport: 'websocket',
        url: 'wss://feed.example/ticker',
        in: direction(800, 70_000),
        out: direction(200, 26_000),
      },
      {
        ...common,
        ...{
          id: 2,
          transport: 'long-poll',
          url: 'https://kv/config?wait=30s',
          in: direction(20, 4000),
          out: NONE,
        },
        errors: { HTTP_STATUS: 2 },
        outages: { ...STEADY, reconnects: 3, outages: 2, timeLost: 5200, longest: 4000, missed: 7 },
        polls: {
          requests: 32,
          responses: 31,
          empty: 27,
          emptyShare: 27 / 31,
          held: { p50: 900, p95: 2900, p99: 3000, max: 3001 },
        },
      },
    ],
  }
}
