/** What advice on techniques rests on. */
import type { Finding } from '../../shared/finding.ts'
import { addTo } from '../../shared/maps.ts'
import { largest } from '../../shared/numbers.ts'
import type { TechniqueAnswers, TechniqueConnection } from '../../shared/techniques.ts'
import type { TransportName } from '../../shared/transports.ts'
import type { TechniqueFigures } from './report.ts'
import type { Connections } from './watched.ts'

/** Events of a connection from which its figures count. */
export const MIN_EVENTS = 10
/** Outbound messages for each inbound one from which clients send all the time. */
const STEADY_SENDING = 0.1

/** Rules whose findings say that something on the way collects a stream. */
const HOLDING: readonly string[] = ['buffered-stream', 'compressor-holds']

/** The measured figures of a technique. */
export interface Measured extends TechniqueConnection {
  /** Whether events of a stream have IDs. */
  readonly hasIds: boolean
  /** Reconnects that said after which event to continue. */
  readonly resumed: number
}

export interface Facts {
  readonly clientsSend: NonNullable<TechniqueAnswers['clientsSend']>
  /** Whether the user said so; otherwise, it is what the traffic shows. */
  readonly isSendingAnswered: boolean
  readonly plainBrowser: boolean | undefined
  readonly bufferingProxy: NonNullable<TechniqueAnswers['bufferingProxy']>
  /** Sound or video: as answered, or else by the content type. */
  readonly media: boolean
  /** Whether events may come half a minute late. */
  readonly mayBeLate: boolean
  readonly events: number
  /** Outbound messages on all connections of the feed. */
  readonly sent: number
  /** Milliseconds. */
  readonly duration: number
  readonly perMinute: number
  /** Share of the payload: 0 to 1. */
  readonly binaryShare: number
  readonly measured: Partial<Readonly<Record<TransportName, Measured>>>
  /** The least p50 in ms. */
  readonly quickest: number | undefined
  /** Findings that say that something on the way collects a stream. */
  readonly holding: readonly { readonly rule: string; readonly transport: TransportName }[]
  /** Open streams and held requests to one origin over HTTP/1.1 at most. */
  readonly streams: number
}

/** Undefined if there is too little data. */
export function factsOf(
  { connections, feed }: Pick<TechniqueFigures, 'connections' | 'feed'>,
  watched: Connections,
  answers: TechniqueAnswers,
  findings: readonly Finding[],
): Facts | undefined {
  const members = connections.filter(({ inFeed }) => inFeed)
  const enough = members.filter(({ events }) => events >= MIN_EVENTS)
  if (feed === null || enough.length === 0) return undefined
  const measured: Partial<Record<TransportName, Measured>> = {}
  for (const row of enough) {
    if (row.transport === 'unknown') continue
    const { hasIds = false, resumed = 0 } = watched.get(row.id)?.figures ?? {}
    if ((measured[row.transport]?.events ?? 0) < row.events)
      measured[row.transport] = { ...row, hasIds, resumed }
  }
  const sent = members.reduce((sum, row) => sum + row.sent, 0)
  return {
    clientsSend: answers.clientsSend ?? sendingOf(sent, feed.events),
    isSendingAnswered: answers.clientsSend !== undefined,
    plainBrowser: answers.plainBrowser,
    bufferingProxy: answers.bufferingProxy ?? 'unknown',
    media: answers.media ?? members.some(({ id }) => watched.get(id)?.figures.isMedia === true),
    mayBeLate: false,
    events: feed.events,
    sent,
    duration: feed.duration,
    perMinute: feed.duration > 0 ? (feed.events * 60_000) / feed.duration : Number.POSITIVE_INFINITY,
    binaryShare: largest(
      enough.map(({ binaryShare }) => binaryShare),
      0,
    ),
    measured,
    quickest: enough
      .flatMap(({ latency }) => latency?.p50 ?? [])
      .reduce<number | undefined>((least, p50) => Math.min(least ?? p50, p50), undefined),
    holding: findings.flatMap(({ rule, connection }) => {
      const transport = connections.find(({ id }) => id === connection)?.transport
      return HOLDING.includes(rule) && transport !== undefined && transport !== 'unknown'
        ? [{ rule, transport }]
        : []
    }),
    streams: streamsOf(watched),
  }
}

function sendingOf(sent: number, events: number): Facts['clientsSend'] {
  if (sent === 0) return 'no'
  return sent >= events * STEADY_SENDING ? 'always' : 'sometimes'
}

interface Span {
  readonly from: number
  readonly to: number
}

function streamsOf(watched: Connections): number {
  const byOrigin = new Map<string, Span[]>()
  for (const { figures } of watched.values()) {
    const { transport, url, httpVersion, connectedAt: from, isOpen, endedAt } = figures
    const isHeld = transport === 'sse' || transport === 'http-stream' || transport === 'long-poll'
    if (!isHeld || httpVersion !== '1.1' || from === undefined || !URL.canParse(url)) continue
    addTo(byOrigin, new URL(url).origin, { from, to: isOpen ? Number.POSITIVE_INFINITY : endedAt })
  }
  return largest([...byOrigin.values()].map(atOnce), 0)
}

/** How many there are at the same time at most. */
function atOnce(spans: readonly Span[]): number {
  return largest(
    spans.map(({ from: begin }) => spans.filter(({ from, to }) => from <= begin && begin < to).length),
    0,
  )
}
