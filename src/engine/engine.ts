/** One session: connections, the capture of their events, and the calls an editor makes on both. */
import { Capture } from '../capture/capture.ts'
import { GENERATOR } from '../session/generator.ts'
import { formatLine } from '../session/line.ts'
import { redactEvent } from '../session/redact.ts'
import { saveSession } from '../session/save.ts'
import { startClock } from '../shared/clock.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import type { EngineMethods, EngineNotifications, EngineSettings, EventDetail } from '../shared/protocol.ts'
import type { Handlers } from '../shared/rpc.ts'
import type { NetworkSettings } from '../shared/spec.ts'
import type { SessionStatus } from '../shared/status.ts'
import { Feed } from './feed.ts'
import { Finder } from './finder.ts'
import { findingCalls, searchable } from './finding-calls.ts'
import { Hub } from './hub.ts'
import { Openings } from './openings.ts'
import { fileMessage, Outbound } from './outbound.ts'
import { payloadCalls } from './payload/calls.ts'
import { previewEvents } from './previews.ts'
import { Repeats } from './repeats.ts'
import { StatusTicker } from './status-ticker.ts'
import { Surveyor } from './surveyor.ts'

export interface EngineOptions {
  /** Private folder for the spool. */
  readonly directory: string
  readonly network: NetworkSettings
  readonly settings: EngineSettings
  notify<K extends keyof EngineNotifications & string>(name: K, data: EngineNotifications[K]): void
}

/** What one `lines` call answers with at most: lines, and characters beyond which no further line is added. */
const MAX_LINES = 10_000
const MAX_CHARACTERS = 4 * 1024 * 1024

export class Engine {
  readonly handlers: Handlers<EngineMethods>
  readonly #clock = startClock()
  readonly #options: EngineOptions
  readonly #capture: Capture
  readonly #hub: Hub
  readonly #finder: Finder
  readonly #surveyor: Surveyor
  readonly #feed: Feed
  readonly #ticker: StatusTicker
  readonly #openings = new Openings()
  readonly #outbound = new Outbound()
  readonly #repeats = new Repeats(() => this.#ticker.touch())
  #saved = 0

  constructor(options: EngineOptions) {
    this.#options = options
    const { directory, network, settings } = options
    this.#capture = new Capture({
      directory,
      clock: this.#clock,
      memoryLimit: settings.memoryLimit,
      spoolLimit: settings.spoolLimit,
      maxEvents: settings.maxEvents,
      onFailure: (failure) => this.#log('error', failure.message),
    })
    this.#ticker = new StatusTicker(
      () => this.status(),
      (status) => options.notify('status', status),
    )
    this.#hub = new Hub({
      clock: this.#clock,
      network,
      sink: {
        append: (event) => this.#append(event),
        appendBatch: (connection, batch) => this.#appended(this.#capture.appendBatch(connection, batch)),
        onWritable: (callback) => this.#capture.onWritable(callback),
      },
      changed: (connection) => {
        this.#repeats.check(connection.status())
        this.#ticker.touch()
      },
    })
    this.#finder = new Finder(searchable(this.#capture), () => this.#feed.poke())
    this.#surveyor = new Surveyor(this.#capture, (generation) => this.#finder.matchesOf(generation))
    this.#feed = new Feed(
      () => this.#capture,
      (delta) => options.notify('delta', { ...delta, status: this.status() }),
      this.#finder,
    )
    this.handlers = this.#serve()
  }

  acknowledge(): void {
    this.#feed.acknowledge()
  }

  status(): SessionStatus {
    const capture = this.#capture
    return {
      startedAt: this.#clock.startedAt.toISOString(),
      at: this.#clock.now(),
      events: capture.count,
      firstKept: capture.firstKept,
      firstPayload: capture.firstPayload,
      spoolBytes: capture.spoolBytes,
      connections: this.#hub.connections().map((connection) => ({
        ...connection.status(),
        repeat: this.#repeats.status(connection.id),
      })),
      unsaved: capture.count - this.#saved,
    }
  }

  #append(event: RealtimeEvent): boolean {
    this.#openings.note(event)
    return this.#appended(this.#capture.append(event))
  }

  #appended(writable: boolean): boolean {
    this.#finder.poke()
    this.#feed.poke()
    this.#ticker.touch()
    return writable
  }

  #serve(): Handlers<EngineMethods> {
    const hub = this.#hub
    const capture = this.#capture
    return {
      connect: ({ spec }) => {
        const limited = { maxMessageSize: this.#options.settings.maxMessageSize, ...spec }
        return { id: hub.connect(limited).id }
      },
      disconnect: async ({ id }) => {
        await hub.get(id).disconnect()
        return null
      },
      reconnect: ({ id }) => {
        hub.get(id).reconnect()
        return null
      },
      send: async ({ id, message }) => {
        const { maxMessageSize } = this.#options.settings
        const connection = hub.get(id)
        connection.send(
          'file' in message
            ? await fileMessage(message.file, maxMessageSize)
            : this.#outbound.prepare(message)(),
        )
        return null
      },
      repeat: ({ id, message, plan }) => {
        const connection = hub.get(id)
        const compose = this.#outbound.prepare(message)
        this.#repeats.start(id, plan, () => connection.send(compose()))
        return null
      },
      stopRepeat: ({ id }) => {
        this.#repeats.stop(id)
        return null
      },
      mark: ({ text, time }) => {
        const now = this.#clock.now()
        hub.append({ type: 'mark', time: Math.min(now, Math.max(0, time ?? now)), text })
        return null
      },
      clear: () => this.#clear(),
      save: async ({ path, reveal }) => {
        const result = await saveSession(capture, path, { generator: GENERATOR, reveal })
        this.#saved = result.events
        this.#ticker.touch()
        return result
      },
      status: () => this.status(),
      lines: ({ from, max }) => this.#lines(from, max),
      previews: ({ indexes }) => previewEvents(capture, indexes),
      detail: ({ index, maxBytes }) => this.#detail(index, maxBytes),
      ...payloadCalls(capture, this.#openings),
      ...findingCalls(this.#finder, this.#surveyor, this.#feed),
      network: (network) => {
        hub.network = network
        return null
      },
      subscribe: ({ from, fromLabel, fromMatch, held = false }) => {
        this.#finder.resume(fromMatch)
        this.#feed.hold(held)
        this.#feed.subscribe(from, fromLabel)
        this.#ticker.touch()
        return null
      },
      unsubscribe: () => {
        this.#feed.unsubscribe()
        return null
      },
      shutdown: async () => {
        this.#repeats.stopAll()
        await hub.disconnectAll()
        this.#finder.clear()
        this.#surveyor.clear()
        this.#ticker.stop()
        this.#feed.unsubscribe()
        await capture.close()
        return null
      },
    }
  }

  #clear(): null {
    this.#capture.clear()
    this.#finder.clear()
    this.#surveyor.clear()
    for (const connection of this.#hub.connections()) {
      const { state } = connection.status()
      if (state !== 'closed' && state !== 'failed') {
        for (const event of this.#openings.of(connection.id)) this.#capture.append(event)
        continue
      }
      this.#hub.forget(connection.id)
      this.#repeats.forget(connection.id)
      this.#openings.forget(connection.id)
    }
    this.#saved = 0
    this.#options.notify('reset', null)
    this.#feed.restart()
    this.#ticker.touch()
    return null
  }

  #lines(from: number, max: number): EngineMethods['lines']['result'] {
    const capture = this.#capture
    const first = Math.max(from, capture.firstKept)
    const last = Math.min(first + Math.min(max, MAX_LINES), capture.count)
    const lines: string[] = []
    let characters = 0
    for (let index = first; index < last && characters < MAX_CHARACTERS; index++) {
      const line = formatLine(redactEvent(capture.peek(index), {}))
      lines.push(line)
      characters += line.length
    }
    return { lines, next: first + lines.length }
  }

  #detail(index: number, maxBytes: number): EventDetail {
    const capture = this.#capture
    if (index < capture.firstKept || index >= capture.count) {
      throw new Failure('NO_EVENT', `Event ${index + 1} is not kept any more; it was dropped or cleared.`)
    }
    const { payload: _, ...fields } = { payload: undefined, ...redactEvent(capture.peek(index), {}) }
    return {
      index,
      fields,
      payload: capture.payload(index, maxBytes),
      size: capture.columns(index, 1).size[0] ?? 0,
      dropped: capture.isDropped(index),
    }
  }

  #log(level: EngineNotifications['log']['level'], message: string): void {
    this.#options.notify('log', { level, message })
  }
}
