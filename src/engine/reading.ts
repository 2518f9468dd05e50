/** The reading side of a session, live or from a file: calls that read it, its filter and statistics, and the feed. */
import type { Log } from '../capture/recording.ts'
import { Diagnosis } from '../diagnose/diagnosis.ts'
import { formatLine } from '../session/line.ts'
import { redactEvent } from '../session/redact.ts'
import { reportRecording } from '../session/report-recording.ts'
import type { EngineNotifications } from '../shared/protocol/notifications.ts'
import type { Handlers } from '../shared/protocol/rpc.ts'
import type { EventDetail, LogMethods } from '../shared/protocol.ts'
import type { SessionStatus } from '../shared/status.ts'
import type { ConnectionStarts } from './connection-starts.ts'
import { Feed, type FeedDelta } from './feed.ts'
import { filterCalls, searchable } from './filter-calls.ts'
import { FilterRunner } from './filter-runner.ts'
import { payloadCalls } from './payload/calls.ts'
import { requireKept } from './payload/connection-events.ts'
import { PayloadNames } from './payload-names.ts'
import { newestPreviews, previewEvents } from './previews.ts'
import { savingCalls } from './saving.ts'
import { StatisticsRunner } from './statistics-runner.ts'
import { StatusTicker } from './status-ticker.ts'

/** Where an engine sends its notifications. */
export interface EngineHost {
  notify<K extends keyof EngineNotifications & string>(name: K, data: EngineNotifications[K]): void
}

export interface ReadingOptions {
  /** The events that the reader sees. */
  readonly log: Log
  /** All events, if the reader sees a part of them: those that are searched, counted and saved. Default `log`. */
  readonly whole?: Log
  readonly starts: ConnectionStarts
  readonly host: EngineHost
  status(): SessionStatus
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
  readonly #names: PayloadNames
  readonly #diagnosis = new Diagnosis()
  readonly #filter: FilterRunner
  readonly #statistics: StatisticsRunner
  readonly #feed: Feed
  readonly #ticker: StatusTicker

  constructor(options: ReadingOptions) {
    const { log, whole = log, host } = options
    const status = () => this.#status()
    this.#options = options
    this.#log = log
    this.#whole = whole
    this.#names = new PayloadNames(whole, options.starts)
    this.#ticker = new StatusTicker(status, (now) => host.notify('status', now))
    this.#filter = new FilterRunner(searchable(whole), () => this.#feed.poke())
    this.#statistics = new StatisticsRunner(whole, (generation) => this.#filter.matchesOf(generation))
    const send = (delta: FeedDelta) => {
      const previews = newestPreviews(log, this.#names, delta.columns)
      host.notify('delta', { ...delta, previews, status: status() })
    }
    this.#feed = new Feed(log, send, this.#filter)
    this.handlers = this.#serve()
  }

  /** The reader has received the last delta. */
  acknowledge(): void {
    this.#feed.acknowledge()
  }

  /** Call when events were appended. */
  appended(): void {
    this.#filter.poke()
    this.#feed.poke()
    this.#ticker.touch()
  }

  /** Call when the status may have changed. */
  touch(): void {
    this.#ticker.touch()
  }

  /** Sends the status now rather than at the next tick. */
  sendStatus(): void {
    this.#options.host.notify('status', this.#status())
    this.#ticker.touch()
  }

  /** The reader no longer sees the events from number `count` on. */
  rewound(count: number): void {
    this.#options.host.notify('rewind', { count })
    this.#filter.resume(undefined)
    this.#feed.rewind(count)
    this.sendStatus()
  }

  /** Every event was cleared. */
  forget(): void {
    this.#filter.clear()
    this.#statistics.clear()
    this.#names.clear()
  }

  /** Tells the reader that every event was cleared; the next delta starts with event 0. */
  restart(): void {
    this.#options.host.notify('reset', null)
    this.#feed.restart()
    this.#ticker.touch()
  }

  close(): void {
    this.forget()
    this.#ticker.stop()
    this.#feed.unsubscribe()
  }

  /** The status with what the rules find in it. */
  #status(): SessionStatus {
    const status = this.#options.status()
    const findings = this.#diagnosis.findings({ status })
    return findings.length === 0 ? status : { ...status, findings }
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
          this.#ticker.touch()
        },
      }),
      status: () => this.#status(),
      lines: ({ from, max }) => this.#lines(from, max),
      previews: ({ indexes }) => previewEvents(this.#whole, this.#names, indexes),
      report: () => reportRecording(this.#whole),
      detail: ({ index, maxBytes }) => this.#detail(index, maxBytes),
      ...payloadCalls(log, starts, this.#names, this.#whole),
      ...filterCalls(this.#whole, this.#filter, this.#statistics, this.#feed),
      subscribe: ({ from, fromEventName, fromMatch, held = false }) => {
        this.#filter.resume(fromMatch)
        this.#feed.hold(held)
        this.#feed.subscribe(from, fromEventName)
        this.#ticker.touch()
        return null
      },
      unsubscribe: () => {
        this.#feed.unsubscribe()
        return null
      },
    }
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
