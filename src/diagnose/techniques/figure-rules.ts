/** Rules about measured figures. For a technique that was not measured, they say what documents say. */

import { byteCount, plural, preciseSpan } from '../../shared/text/quantities.ts'
import { TRANSPORTS, type TransportName } from '../../shared/transports.ts'
import type { Facts, Measured } from './facts.ts'
import type { FitRule, Reason } from './fit-rule.ts'
import { SOURCES } from './sources.ts'

/** A technique is quick if it takes at most so much longer than the quickest one, and slow if so much or more. */
const QUICK = { factor: 1.5, ms: 10 }
const SLOW = { factor: 3, ms: 50 }
/** Overhead for each byte of payload. */
const LIGHT = 0.5
const HEAVY = 1
const MANY_EMPTY = 0.5
const BATCHED = 1.5
const RARE = 1

/** Calls `judge` for each technique with its figures. */
function each(
  judge: (technique: TransportName, measured: Measured | undefined) => Omit<Reason, 'technique'> | undefined,
  { measured }: Facts,
): Reason[] {
  return TRANSPORTS.flatMap((technique) => {
    const reason = judge(technique, measured[technique])
    return reason === undefined
      ? []
      : [{ isMeasured: measured[technique] !== undefined, ...reason, technique }]
  })
}

const EXPECTED_LATENCY: Readonly<Record<TransportName, Omit<Reason, 'technique'>>> = {
  websocket: { points: 1, text: 'an event takes one transit to the client', source: SOURCES.twoWay },
  sse: { points: 1, text: 'an event takes one transit to the client', source: SOURCES.streamBuffering },
  'http-stream': {
    points: 1,
    text: 'an event takes one transit to the client',
    source: SOURCES.streamBuffering,
  },
  'long-poll': { points: 0, text: 'an event takes between one transit and three', source: SOURCES.pollCost },
  poll: {
    points: -2,
    short: 'slow',
    text: 'an event waits for up to a whole interval',
    source: SOURCES.pollCost,
  },
}

const latency: FitRule = {
  name: 'latency',
  about: 'How long events take, compared with the quickest technique',
  judge: (facts) =>
    each((technique, measured) => {
      const { quickest, mayBeLate } = facts
      const figures = measured?.latency
      if (figures === null || figures === undefined || quickest === undefined)
        return EXPECTED_LATENCY[technique]
      const { p50, p95, count } = figures
      const behind = p50 - quickest
      const from = `${preciseSpan(p50)} (p50 of ${plural(count, 'event')})`
      const source = SOURCES.pollCost
      if (p50 <= quickest * QUICK.factor || behind <= QUICK.ms)
        return {
          points: 2,
          short: 'quick',
          text:
            behind === 0
              ? `none was quicker: ${from}`
              : `an event takes ${from}, ${preciseSpan(behind)} behind the best`,
          ...(technique === 'long-poll' && { source }),
        }
      if (p50 >= quickest * SLOW.factor && behind >= SLOW.ms)
        return {
          points: mayBeLate ? 0 : -3,
          short: 'slow',
          text: `an event waits ${from}, up to ${preciseSpan(p95)} (p95); the best takes ${preciseSpan(quickest)}`,
          source,
        }
      return { points: 0, text: `an event takes ${from}, ${preciseSpan(behind)} behind the best`, source }
    }, facts),
}

const EXPECTED_OVERHEAD: Readonly<Record<TransportName, Omit<Reason, 'technique'>>> = {
  websocket: {
    points: 1,
    short: 'light',
    text: 'a frame adds 2 to 14 bytes to a message',
    source: SOURCES.frames,
  },
  sse: {
    points: 1,
    short: 'light',
    text: 'field names and line ends add some 8 to 30 bytes to an event',
    source: SOURCES.eventFormat,
  },
  'http-stream': {
    points: 1,
    short: 'light',
    text: 'only a delimiter and a chunk’s size come with an event',
    source: SOURCES.streamBuffering,
  },
  'long-poll': { points: -1, text: 'each response repeats its head', source: SOURCES.pollCost },
  poll: {
    points: -1,
    text: 'each request repeats its head, whether or not there is something new',
    source: SOURCES.pollCost,
  },
}

const overhead: FitRule = {
  name: 'overhead',
  about: 'Bytes beside the payload for each event',
  judge: (facts) =>
    each((technique, measured) => {
      const { overheadPerEvent: bytes, payloadPerEvent: payload, events } = measured ?? {}
      if (bytes === null || bytes === undefined || payload === null || payload === undefined)
        return EXPECTED_OVERHEAD[technique]
      const text = `${byteCount(Math.round(bytes))} come with ${byteCount(Math.round(payload))} of payload (average of ${plural(events ?? 0, 'event')})`
      const { source } = EXPECTED_OVERHEAD[technique]
      const cites = source === undefined ? {} : { source }
      if (bytes < 0)
        return {
          points: 2,
          short: 'compressed',
          text: `compression saves ${byteCount(Math.round(-bytes))} of ${byteCount(Math.round(payload))} (average of ${plural(events ?? 0, 'event')})`,
          ...cites,
        }
      if (bytes <= payload * LIGHT) return { points: 1, short: 'light', text: `only ${text}`, ...cites }
      if (bytes <= payload * HEAVY) return { points: 0, text, ...cites }
      return { points: -2, short: 'heavy', text, ...cites }
    }, facts),
}

const blank: FitRule = {
  name: 'blank-polls',
  about: 'Share of responses that bring nothing',
  judge: ({ measured, mayBeLate }) =>
    (['poll', 'long-poll'] as const).flatMap((technique): Reason[] => {
      const { emptyShare = null, empty, responses } = measured[technique] ?? {}
      if (emptyShare === null || emptyShare <= MANY_EMPTY) return []
      const text = `${Math.round(emptyShare * 100)} % of its responses were empty (${empty} of ${responses})`
      return [
        {
          technique,
          points: mayBeLate ? 0 : -2,
          short: 'mostly empty',
          text,
          source: SOURCES.pollCost,
          isMeasured: true,
        },
      ]
    }),
}

const OWN_SCHEME = 'continuing after a reconnect needs a scheme of your own'
const EXPECTED_RESUME: Readonly<Record<TransportName, Omit<Reason, 'technique'>>> = {
  websocket: { points: -1, text: OWN_SCHEME, source: SOURCES.webSocketRecovery },
  sse: {
    points: 1,
    short: 'resumes',
    text: 'a browser continues after the last event’s ID by itself',
    source: SOURCES.lastEventId,
  },
  'http-stream': { points: -1, text: OWN_SCHEME },
  'long-poll': {
    points: 1,
    short: 'resumes',
    text: 'each request says what came last, so nothing is lost in between',
  },
  poll: {
    points: 1,
    short: 'resumes',
    text: 'each request can say what came last, so nothing is lost in between',
  },
}

const resume: FitRule = {
  name: 'resume',
  about: 'What reconnects lose',
  judge: (facts) =>
    each((technique, measured) => {
      if (measured === undefined) return EXPECTED_RESUME[technique]
      const { reconnects, lost, events, resumed, hasIds } = measured
      const over = reconnects === 0 ? '' : ` over ${plural(reconnects, 'reconnect')}`
      const { source } = EXPECTED_RESUME[technique]
      const cites = source === undefined ? {} : { source }
      if (lost !== null && lost > 0)
        return {
          points: -3,
          short: 'loses events',
          text: `${plural(lost, 'event')} of ${lost + events} ${lost === 1 ? 'was' : 'were'} lost${over}`,
          ...cites,
        }
      if (reconnects > 0 && lost === 0) {
        const how = technique === 'sse' && resumed > 0 ? ', with Last-Event-ID' : ''
        return {
          points: 2,
          short: 'nothing lost',
          text: `nothing of ${plural(events, 'event')} was lost${over}${how}`,
          ...cites,
        }
      }
      if (technique === 'sse' && !hasIds)
        return {
          points: -1,
          short: 'no IDs',
          text: 'its events have no IDs here, so a reconnect cannot continue after the last one',
          ...cites,
        }
      return { isMeasured: false, ...EXPECTED_RESUME[technique] }
    }, facts),
}

const batches: FitRule = {
  name: 'batches',
  about: 'Events that long polling delivers together, because they came closer than a round trip',
  judge({ measured }) {
    const { eventsPerArrival = null, events } = measured['long-poll'] ?? {}
    if (eventsPerArrival === null || eventsPerArrival < BATCHED) return []
    const text = `it delivered ${eventsPerArrival.toFixed(1)} events at a time (average of ${events}); a stream does not wait`
    return [
      {
        technique: 'long-poll',
        points: -1,
        short: 'in batches',
        text,
        source: SOURCES.pollCost,
        isMeasured: true,
      },
    ]
  },
}

const rare: FitRule = {
  name: 'rare-events',
  about: 'Whether there is less than one event a minute',
  judge: ({ perMinute, mayBeLate }) =>
    perMinute < RARE
      ? [
          {
            technique: 'poll',
            points: mayBeLate ? 14 : 3,
            short: 'enough for rare events',
            text: 'there is less than one event a minute, and a request with an ETag costs a head when there is none',
            source: SOURCES.etag,
            isMeasured: true,
          },
        ]
      : [],
}

export const FIGURE_RULES: readonly FitRule[] = [latency, overhead, blank, resume, batches, rare]
