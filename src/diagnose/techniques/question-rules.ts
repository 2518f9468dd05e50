/** Rules about what traffic cannot tell, and about what something on the way does. */
import { plural, timeSpan } from '../../shared/text/quantities.ts'
import type { FitRule, Reason } from './fit-rule.ts'
import { SOURCES } from './sources.ts'

/** Streams that a browser opens to one host over HTTP/1.1. */
const BROWSER_STREAMS = 6
const BINARY_SHARE = 1 / 3

const direction: FitRule = {
  name: 'direction',
  about: 'Whether clients send',
  judge({ clientsSend, isSendingAnswered, sent, events, duration }) {
    const traffic = `clients sent ${plural(sent, 'message')} for ${events} received`
    const source = SOURCES.twoWay
    switch (clientsSend) {
      case 'always': {
        const own = 'each message of a client is a request of its own'
        return [
          {
            ...{ technique: 'websocket', points: 6, short: 'both directions', source },
            text: isSendingAnswered
              ? 'clients send all the time, and one connection carries both directions'
              : `${traffic}, and one connection carries both directions`,
            isMeasured: !isSendingAnswered,
          },
          {
            technique: 'sse',
            points: -3,
            short: 'one way',
            text: `it is one way: ${own}`,
            source: SOURCES.eventSource,
          },
          { technique: 'http-stream', points: -3, short: 'one way', text: `it is one way: ${own}` },
          { technique: 'long-poll', points: -3, text: own, source: SOURCES.pollCost },
          { technique: 'poll', points: -3, text: own, source: SOURCES.pollCost },
        ]
      }
      case 'sometimes': {
        const text = 'what clients send now and then can be a request beside it'
        return [
          {
            technique: 'websocket',
            points: 1,
            text: 'it also carries what clients send now and then',
            short: 'both directions',
            source,
          },
          { technique: 'sse', points: 0, text },
          { technique: 'http-stream', points: 0, text },
        ]
      }
      case 'no': {
        const nothing = isSendingAnswered
          ? 'clients do not send'
          : `nothing was sent by clients in ${timeSpan(duration)}`
        const isMeasured = !isSendingAnswered
        return [
          {
            technique: 'sse',
            points: 2,
            short: 'one way',
            text: `${nothing}: one way suffices`,
            source: SOURCES.eventSource,
            isMeasured,
          },
          {
            technique: 'http-stream',
            points: 1,
            short: 'one way',
            text: `${nothing}: one way suffices`,
            isMeasured,
          },
          {
            technique: 'websocket',
            points: -1,
            text: `${nothing}: a second direction is idle`,
            source,
            isMeasured,
          },
        ]
      }
    }
  },
}

const browser: FitRule = {
  name: 'browser',
  about: 'Whether browsers use it without a library',
  judge: ({ plainBrowser }) =>
    plainBrowser === true
      ? [
          {
            technique: 'sse',
            points: 2,
            short: 'built into browsers',
            text: 'a browser reads it with EventSource, which also reconnects',
            source: SOURCES.eventSource,
          },
          {
            technique: 'websocket',
            points: 1,
            text: 'a browser has WebSocket built in, but does not reconnect by itself',
            source: SOURCES.webSocketRecovery,
          },
          {
            technique: 'http-stream',
            points: -2,
            short: 'not in EventSource',
            text: 'a browser has to read it with fetch and split it into records itself',
            source: SOURCES.eventSource,
          },
          { technique: 'long-poll', points: 0, text: 'a loop of fetch is enough for it in a browser' },
        ]
      : [],
}

const proxy: FitRule = {
  name: 'buffering-proxy',
  about: 'Whether a proxy, or something that compresses, collects what is streamed',
  judge({ bufferingProxy, holding }) {
    const found = holding.map(
      ({ rule, transport }): Reason => ({
        technique: transport,
        points: -5,
        short: 'held on the way',
        text: `something on the way held its events (finding ${rule}): mend that first`,
        source: SOURCES.proxyBuffering,
        isMeasured: true,
      }),
    )
    const whole: Reason = {
      technique: 'long-poll',
      points: 4,
      short: 'passes every proxy',
      text: 'a proxy passes each complete response on at once',
      source: SOURCES.streamBuffering,
    }
    if (bufferingProxy !== 'yes') return found.length === 0 ? [] : [...found, whole]
    const text = 'a proxy may hold its events until a buffer is full'
    const source = SOURCES.proxyBuffering
    return [
      ...found,
      { technique: 'sse', points: -5, short: 'held by a proxy', text, source },
      { technique: 'http-stream', points: -5, short: 'held by a proxy', text, source },
      {
        technique: 'websocket',
        points: -2,
        short: 'needs the proxy’s consent',
        text: 'a proxy has to be told to pass its upgrade on',
        source: SOURCES.proxyUpgrade,
      },
      whole,
      { ...whole, technique: 'poll', points: 2 },
    ]
  },
}

const media: FitRule = {
  name: 'media',
  about: 'Whether it is sound or video',
  judge: (facts) =>
    facts.media
      ? [
          {
            technique: 'http-stream',
            points: 8,
            short: 'made for media',
            text: 'sound and video play while they arrive, and ranges let a player seek',
            source: SOURCES.ranges,
          },
          {
            technique: 'sse',
            points: -5,
            short: 'text only',
            text: 'it is text: Base64 makes media a third larger',
            source: SOURCES.base64,
          },
          {
            technique: 'long-poll',
            points: -4,
            text: 'a player would wait for each request',
            source: SOURCES.pollCost,
          },
          {
            technique: 'poll',
            points: -4,
            text: 'a player would wait for each request',
            source: SOURCES.pollCost,
          },
        ]
      : [],
}

const binary: FitRule = {
  name: 'binary',
  about: 'How much of the payload is binary',
  judge({ binaryShare, media: isMedia }) {
    if (binaryShare <= BINARY_SHARE || isMedia) return []
    const share = `${Math.round(binaryShare * 100)} % of the payload is binary`
    return [
      {
        technique: 'websocket',
        points: 4,
        short: 'carries binary',
        text: `${share}, and it has binary messages`,
        source: SOURCES.frames,
        isMeasured: true,
      },
      {
        technique: 'http-stream',
        points: 1,
        text: `${share}, and a stream carries any bytes`,
        isMeasured: true,
      },
      {
        technique: 'sse',
        points: -4,
        short: 'text only',
        text: `${share}, and it is text: Base64 adds a third`,
        source: SOURCES.eventFormat,
        isMeasured: true,
      },
    ]
  },
}

const streams: FitRule = {
  name: 'six-connections',
  about: 'How many streams to one host are open over HTTP/1.1',
  judge(facts) {
    if (facts.streams <= BROWSER_STREAMS) return []
    const text = `${facts.streams} are held to one host over HTTP/1.1, and a browser opens ${BROWSER_STREAMS}: use HTTP/2`
    const held = {
      points: -8,
      short: 'too many at once',
      text,
      source: SOURCES.sixConnections,
      isMeasured: true,
    }
    return [
      { technique: 'sse', ...held },
      { technique: 'http-stream', ...held },
      { technique: 'long-poll', ...held },
      {
        technique: 'websocket',
        points: 2,
        short: 'one for all',
        text: `one can carry what ${facts.streams} streams carry`,
        source: SOURCES.sixConnections,
        isMeasured: true,
      },
    ]
  },
}

export const QUESTION_RULES: readonly FitRule[] = [direction, browser, proxy, media, binary, streams]
