/** The reading side of a session, live or from a file: calls that read it, its filter and statistics, and the feed. */

import type { Log } from '../capture/recording.ts'
import { formatLine } from '../session/line.ts'
import { redactEvent } from '../session/redact.ts'
import { writeReport } from '../session/report/write-report.ts'
import { reportRecording } from '../session/report-recording.ts'
import type { Authorize } from '../shared/authorization.ts'
import type { Dialect } from '../shared/dialect.ts'
import type { EngineNotifications, Reset } from '../shared/protocol/notifications.ts'
import type { Handlers } from '../shared/protocol/rpc.ts'
import type { EventDetail, LogMethods } from '../shared/protocol.ts'
import type { SessionReport } from '../shared/report.ts'
import type { SessionStatus } from '../shared/status.ts'
import type { ConnectionStarts } from './connection-starts.ts'
import { decodingCalls } from './decoding/calls.ts'
import { DecodingNews } from './decoding/decoding-news.ts'
import { SessionDecoding } from './decoding/session-decoding.ts'
import { DiagnosisRunner } from './diagnosis-runner.ts'
import { EventFinder } from './event-finder.ts'
import { EventWaits } from './excerpts/event-waits.ts'
import { ExcerptLister } from './excerpts/excerpts.ts'
import { Feed, type FeedDelta } from './feed.ts'
import { filterCalls, searchable } from './filter-calls.ts'
import { FilterRunner } from './filter-runner.ts'
import { LatencyReader } from './latency-reader.ts'
import { Pairs } from './pairs/pairs.ts'
import { payloadCalls } from './payload/calls.ts'
import { requireKept } from './payload/connection-events.ts'
import { PreviewMaker } from './preview/preview-maker.ts'
import { madeRequest } from './requests/made-request.ts'
import { newestMessages } from './requests/newest-messages.ts'
import { savingCalls } from './saving.ts'
import { StatisticsRunner } from './statistics-runner.ts'
import { type LiveStatusSource, StatusReports } from './status/status-reports.ts'
import { TechniquesRunner } from './techniques-runner.ts'

/** Where an engine sends its notifications. */
export interface EngineHost {
  notify<K extends keyof EngineNotifications & string>(name: K, data: EngineNotifications[K]): void
  /** Gets access tokens. If absent, connections cannot use OAuth 2. */
  readonly authorize?: Authorize
}

export interface ReadingOptions {
  /** The events that the reader sees. */
  readonly log: Log
  /** All events, if the reader sees a part of them: those that are searched, counted and saved. Default `log`. */
  readonly whole?: Log
  readonly starts: ConnectionStarts
  readonly host: EngineHost
  /** The users' own dialects of JSON. */
  readonly dialects?: readonly Dialect[] | undefined
  status(): SessionStatus
  /** Tells what has changed of a live session. */
  readonly live?: LiveStatusSource
  /** The session time of a session that goes on, in ms. */
  now?(): number
  /** Whether more events of a connection may come. Default: no. */
  isLive?(connection: number): boolean
  /** The events before number `count` have been saved. */
  saved?(count: number): void
}

/** Limits of one `lines` call: lines, and the number of characters after which no line is added. */
const MAX_LINES = 10_000
const MAX_CHARACTERS = 4 * 1024 * 1024

export class Reading {
  readonly handlers: Handlers<LogMethods>
  readonly #options: ReadingOptions
  readonly #log: Log
  readonly #whole: Log
  readonly #decoding: SessionDecoding
  readonly #news: DecodingNews
  readonly #pairs: Pairs
  readonly #previews: PreviewMaker
  readonly #diagnosis: DiagnosisRunner
  readonly #latency: LatencyReader
  readonly #techniques: TechniquesRunner
  readonly #filter: FilterRunner
  readonly #finder: EventFinder
  readonly #excerpts: ExcerptLister
  readonly #waits: EventWaits
  readonly #statistics: StatisticsRunner
  readonly #feed: Feed
  readonly #reports: StatusReports
  #decodingVersion = 0

  constructor(options: ReadingOptions) {
    const { log, whole = log, host } = options
    this.#options = options
    this.#log = log
    this.#whole = whole
    this.#news = new DecodingNews((news) => this.#decodedMore(news))
    this.#decoding = new SessionDecoding(
      whole,
      options.starts,
      {
        progressed: () => {
          this.#news.progressed()
          this.#filter.decoded()
          this.#diagnosis.decoded()
          this.#finder.decoded()
          this.#excerpts.decoded()
        },
        changed: () => {
          this.#news.changed()
          this.#diagnoseAgain()
          this.#filter.restart()
        },
      },
      options.dialects,
    )
    this.#pairs = new Pairs(whole, this.#decoding)
    this.#previews = new PreviewMaker(whole, this.#decoding, this.#pairs)
    this.#reports = new StatusReports({
      status: () => options.status(),
      live: options.live,
      decodingOf: (connection) => this.#decoding.of(connection),
      found: () => this.#diagnosis.summary(),
      tell: (update) => host.notify('status', update),
    })
    this.#diagnosis = new DiagnosisRunner({
      source: log,
      decoding: this.#decoding,
      now: options.now,
      onProgress: () => this.#reports.touch(),
    })
    this.#latency = new LatencyReader(log, options.starts)
    this.#techniques = new TechniquesRunner({ log, findings: () => this.#diagnosis.list().findings })
    this.#filter = new FilterRunner(searchable(whole, this.#decoding), () => this.#feed.poke())
    this.#finder = new EventFinder(searchable(whole, this.#decoding))
    this.#excerpts = new ExcerptLister(whole, this.#finder, this.#decoding)
    this.#waits = new EventWaits({
      source: whole,
      finder: this.#finder,
      isLive: (connection) => options.isLive?.(connection) ?? false,
    })
    this.#statistics = new StatisticsRunner(whole, (generation) => this.#filter.matchesOf(generation))
    const send = (delta: FeedDelta) => {
      const previews = this.#previews.newest(log, delta.columns)
      host.notify('delta', {
        ...delta,
        previews,
        wish: this.#previews.generation,
        status: this.#reports.update(),
      })
    }
    this.#feed = new Feed(log, send, this.#filter)
    this.handlers = this.#serve()
  }

  /** The reader has received the last delta. */
  acknowledge(): void {
    this.#feed.acknowledge()
  }

  /** Call when events were appended. In a live session, also tell `reports` which connection they belong to. */
  appended(): void {
    this.#filter.poke()
    this.#finder.poke()
    this.#feed.poke()
    this.#diagnosis.poke()
    this.#reports.touch()
  }

  /** Call when anything may have changed of a connection, or with `moved` when messages of it were captured. */
  get reports(): Pick<StatusReports, 'changed' | 'moved'> {
    return this.#reports
  }

  /** Call when the state of a connection may have changed. */
  stateChanged(): void {
    this.#finder.poke()
  }

  /** Call when the status may have changed. */
  touch(): void {
    this.#reports.touch()
  }

  /** Sends the status now rather than at the next tick. */
  sendStatus(): void {
    this.#reports.tellNow()
  }

  /** The reader no longer sees the events from number `count` on. */
  rewound(count: number): void {
    this.#options.host.notify('rewind', { count })
    this.#filter.resume(undefined)
    this.#feed.rewind(count)
    this.#diagnosis.rewind(count)
    this.#techniques.rewind(count)
    this.sendStatus()
  }

  /** Every event was cleared. */
  forget(): void {
    this.#filter.clear()
    this.#finder.clear()
    this.#statistics.clear()
    this.#diagnosis.clear()
    this.#techniques.clear()
    this.#decoding.clear()
    this.#decodingVersion = this.#decoding.version
    this.#previews.clear()
  }

  /** Tells the reader that every event was cleared, or that they are back; the next delta starts with event 0. */
  restart(reset: Reset): void {
    this.#options.host.notify('reset', reset)
    this.#feed.restart()
    this.#diagnosis.poke()
    this.#reports.touch()
  }

  close(): void {
    this.#waits.cancelAll()
    this.forget()
    this.#reports.stop()
    this.#news.stop()
    this.#feed.unsubscribe()
  }

  /** Starts over if the user has chosen how messages are decoded. */
  #diagnoseAgain(): void {
    const { version } = this.#decoding
    if (version === this.#decodingVersion) return
    this.#decodingVersion = version
    this.#diagnosis.clear()
    this.#diagnosis.poke()
  }

  #decodedMore(news: EngineNotifications['decoded']): void {
    this.#options.host.notify('decoded', news)
    this.#reports.touch()
  }

  #serve(): Handlers<LogMethods> {
    const log = this.#log
    const { starts, host, saved } = this.#options
    return {
      ...savingCalls({
        log: this.#whole,
        matchesOf: (generation) => this.#filter.matchesOf(generation),
        progress: (progress) => host.notify('progress', progress),
        saved: (count) => {
          saved?.(count)
          this.#reports.touch()
        },
      }),
      status: () => this.#reports.whole(),
      findings: () => this.#diagnosis.list(),
      techniques: (question) => this.#techniques.report(question),
      setDiagnosis: (choices) => {
        this.#diagnosis.choose(choices)
        this.#reports.touch()
        return null
      },
      lines: ({ from, max }) => this.#lines(from, max),
      find: (params) => this.#find(params),
      excerpts: (plan) => this.#excerpts.list(plan),
      awaitEvent: (params) => this.#waits.wait(params),
      cancelAwait: ({ ticket }) => this.#waits.cancel(ticket),
      previews: ({ indexes }) => this.#previews.of(indexes),
      wish: (wish) => {
        this.#previews.wish = wish
        return null
      },
      report: () => this.#report(),
      reportDocument: async ({ format }) => ({
        text: writeReport(await this.#report(), format),
      }),
      detail: ({ index, maxBytes }) => this.#detail(index, maxBytes),
      latency: (span) => this.#latency.list(span),
      ...decodingCalls(this.#whole, this.#decoding, log),
      ...payloadCalls(log, starts, this.#decoding, this.#pairs, this.#whole),
      madeRequest: ({ connection }) =>
        madeRequest({
          log: this.#whole,
          connection,
          connect: starts.connectOf(connection),
          nameOf: (index) => this.#decoding.nameOf(index),
        }),
      newestMessages: ({ connections }) => newestMessages(this.#whole, this.#decoding, connections),
      ...filterCalls(this.#whole, this.#decoding, this.#filter, this.#statistics, this.#feed),
      subscribe: ({ from, fromEventName, fromMatch, held = false }) => {
        this.#filter.resume(fromMatch)
        this.#feed.hold(held)
        this.#feed.subscribe(from, fromEventName)
        this.#reports.touch()
        return null
      },
      unsubscribe: () => {
        this.#feed.unsubscribe()
        return null
      },
    }
  }

  #report(): Promise<SessionReport> {
    const choiceFor = (connection: number) => this.#decoding.choiceFor(connection)
    return reportRecording(this.#whole, {
      ...this.#diagnosis.choices,
      ...{ choiceFor, dialects: this.#decoding.dialects },
    })
  }

  #lines(from: number, max: number): LogMethods['lines']['result'] {
    const log = this.#log
    const first = Math.max(from, log.firstKept)
    const last = Math.min(first + Math.min(max, MAX_LINES), log.count)
    const lines: string[] = []
    let characters = 0
    for (let index = first; index < last && characters < MAX_CHARACTERS; index++) {
      const line = formatLine(redactEvent(log.peek(index), {}))
      lines.push(line)
      characters += line.length
    }
    return { lines, next: first + lines.length }
  }

  async #find({ filter, connection, max }: LogMethods['find']['params']): Promise<{ lines: string[] }> {
    const log = this.#whole
    const lines: string[] = []
    for (const index of Array.from(await this.#finder.find(filter))) {
      if (lines.length >= Math.min(max, MAX_LINES)) break
      if (index < log.firstKept || (connection !== null && log.row(index).connection !== connection)) continue
      lines.push(formatLine(redactEvent(log.peek(index), {})))
    }
    return { lines }
  }

  #detail(index: number, maxBytes: number): EventDetail {
    const log = this.#whole
    requireKept(log, index)
    const { payload: _, ...fields } = { payload: undefined, ...redactEvent(log.peek(index), {}) }
    return {
      index,
      fields,
      payload: log.payload(index, maxBytes),
      size: log.columns(index, 1).size[0] ?? 0,
      dropped: log.isDropped(index),
    }
  }
}
