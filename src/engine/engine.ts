/** One session: connections, the capture of their events, and the calls an editor makes on both. */
import { readFile, stat } from 'node:fs/promises'
import { Capture } from '../capture/capture.ts'
import { GENERATOR } from '../session/generator.ts'
import { formatLine } from '../session/line.ts'
import { redactEvent } from '../session/redact.ts'
import { saveSession } from '../session/save.ts'
import { startClock } from '../shared/clock.ts'
import { composeMessage } from '../shared/compose.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import type {
  ComposedMessage,
  EngineMethods,
  EngineNotifications,
  EngineSettings,
  EventDetail,
} from '../shared/protocol.ts'
import type { Handlers } from '../shared/rpc.ts'
import type { NetworkSettings, OutboundMessage } from '../shared/spec.ts'
import type { SessionStatus } from '../shared/status.ts'
import { Feed } from './feed.ts'
import { Hub } from './hub.ts'
import { Openings } from './openings.ts'
import { previewEvents } from './previews.ts'
import { StatusTicker } from './status-ticker.ts'

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
  readonly #feed: Feed
  readonly #ticker: StatusTicker
  readonly #openings = new Openings()
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
        onWritable: (callback) => this.#capture.onWritable(callback),
      },
      changed: () => this.#ticker.touch(),
    })
    this.#feed = new Feed(
      () => this.#capture,
      (delta) => options.notify('delta', { ...delta, status: this.status() }),
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
      connections: this.#hub.connections().map((connection) => connection.status()),
      unsaved: capture.count - this.#saved,
    }
  }

  #append(event: RealtimeEvent): boolean {
    this.#openings.note(event)
    const writable = this.#capture.append(event)
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
        hub.get(id).send(await outbound(message, this.#options.settings.maxMessageSize))
        return null
      },
      mark: ({ text }) => {
        hub.append({ type: 'mark', time: this.#clock.now(), text })
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
      network: (network) => {
        hub.network = network
        return null
      },
      subscribe: ({ from, fromLabel }) => {
        this.#feed.subscribe(from, fromLabel)
        this.#ticker.touch()
        return null
      },
      unsubscribe: () => {
        this.#feed.unsubscribe()
        return null
      },
      shutdown: async () => {
        await hub.disconnectAll()
        this.#ticker.stop()
        this.#feed.unsubscribe()
        await capture.close()
        return null
      },
    }
  }

  #clear(): null {
    this.#capture.clear()
    for (const connection of this.#hub.connections()) {
      const { state } = connection.status()
      if (state !== 'closed' && state !== 'failed') {
        for (const event of this.#openings.of(connection.id)) this.#capture.append(event)
        continue
      }
      this.#hub.forget(connection.id)
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

async function outbound(
  message: ComposedMessage | { readonly file: string },
  maxSize: number,
): Promise<OutboundMessage> {
  if (!('file' in message)) return composeMessage(message)
  const { size } = await stat(message.file)
  if (size > maxSize) {
    throw new Failure('TOO_LARGE', `The file has ${size} bytes; a message may have at most ${maxSize}.`)
  }
  return { opcode: 'binary', payload: await readFile(message.file) }
}
