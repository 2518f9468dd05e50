/** Reads HAR files of browsers and other programs, and this program's own HAR files, which round-trip unchanged. */
import { readFile, stat } from 'node:fs/promises'
import type { Recording } from '../../../capture/recording.ts'
import type { RealtimeEvent } from '../../../shared/event.ts'
import { Failure } from '../../../shared/failure.ts'
import { TRANSPORTS, type TransportName } from '../../../shared/transports.ts'
import { parseEvent } from '../../parse-line.ts'
import { toReadFailure } from '../../session-reader.ts'
import { pollKey, transportOf } from './classify-entry.ts'
import { attemptEvents, cycleEvents } from './read-entry.ts'
import { parseHar, type ReadEntry, type ReadHar } from './read-har-schema.ts'
import { messagesOf, payloadOf, type Timed } from './read-messages.ts'
import { ENTRY_FIELDS } from './written-har.ts'

/** Bytes. JSON is parsed as a whole, and needs several times its size in memory. */
const MAX_SIZE = 256 * 1024 * 1024
const MAX_CONNECTIONS = 0xffff
const BATCH = 1000

export interface HarRecording extends Recording {
  readonly generator: string
  /** What could not be read, one sentence each. */
  readonly problems: readonly string[]
}

/** Rejects with a `Failure`: `NOT_A_HAR`, `TOO_LARGE`, or the file system's code. */
export async function readHar(path: string): Promise<HarRecording> {
  const har = parseHar(await readText(path), path)
  const problems: string[] = []
  const { startedAt, timed } = collect(har, problems)
  if (timed.length === 0) problems.push('The HAR has no WebSocket, stream or request to an API in it.')
  const { name, version } = har.log.creator
  return {
    startedAt,
    generator: `${name} ${version}`.trim(),
    problems,
    async *events({ signal, onProgress } = {}) {
      for (let from = 0; from < timed.length; from += BATCH) {
        if (signal?.aborted) throw new Failure('CANCELLED', 'Reading the HAR was canceled.')
        yield timed.slice(from, from + BATCH).map((each) => each.event())
        onProgress?.(Math.min(from + BATCH, timed.length))
      }
    },
  }
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > MAX_SIZE) {
      const [have, most] = [size, MAX_SIZE].map((bytes) => Math.round(bytes / 1024 / 1024))
      throw new Failure(
        'TOO_LARGE',
        `${path} has ${have} MiB, and a HAR of at most ${most} MiB can be read; export fewer requests.`,
      )
    }
    return await readFile(path, 'utf8')
  } catch (error) {
    throw error instanceof Failure ? error : toReadFailure(error, path)
  }
}

function collect(har: ReadHar, problems: string[]): { startedAt: Date; timed: Timed[] } {
  const { entries, _realtimeInspector: own } = har.log
  const unreadable = entries.total - entries.items.length
  if (unreadable > 0)
    problems.push(`${unreadable} of ${entries.total} entries are not HAR entries and were skipped.`)
  const first = entries.items.reduce(
    (least, each) => Math.min(least, earliest(each)),
    Number.POSITIVE_INFINITY,
  )
  const startedAt = new Date(own?.startedAt ?? (Number.isFinite(first) ? Math.floor(first) : 0))
  const collector = new Collector(startedAt, own !== undefined)
  for (const entry of entries.items.toSorted((a, b) => a.startedDateTime - b.startedDateTime))
    collector.add(entry)
  for (const mark of own?.marks ?? []) collector.addLine(mark)
  const lost = entries.items.reduce((sum, entry) => sum + unreadableMessages(entry), 0)
  if (lost > 0)
    problems.push(
      `${lost} ${lost === 1 ? 'message' : 'messages'} in lists of messages could not be read and were left out.`,
    )
  const untimed = entries.items.reduce((sum, entry) => sum + untimedMessages(entry), 0)
  if (untimed > 0)
    problems.push(
      `${untimed} ${untimed === 1 ? 'message has' : 'messages have'} no time that can be read, and stand at the time of their answer's head.`,
    )
  if (collector.beyond > 0)
    problems.push(
      `${collector.beyond} requests were left out, because a session has at most ${MAX_CONNECTIONS} connections.`,
    )
  if (collector.leftOut > 0)
    problems.push(
      `${collector.leftOut} requests for pages, scripts, styles, images and the like were left out.`,
    )
  return { startedAt, timed: collector.timed.sort((a, b) => a.time - b.time) }
}

function listsOf(entry: ReadEntry) {
  return Object.values(ENTRY_FIELDS).flatMap(({ list }) => (list && entry[list]) ?? [])
}

function unreadableMessages(entry: ReadEntry): number {
  return listsOf(entry).reduce((sum, { total, items }) => sum + total - items.length, 0)
}

function untimedMessages(entry: ReadEntry): number {
  let count = 0
  for (const { items } of listsOf(entry)) for (const { time } of items) if (time === undefined) count++
  return count
}

/** Start of an entry. Messages of a WebSocket can be earlier, if they have times of another clock. */
function earliest({ startedDateTime, _webSocketMessages }: ReadEntry): number {
  const [message] = _webSocketMessages?.items ?? []
  return Math.min(startedDateTime, message?.time === undefined ? startedDateTime : message.time * 1000)
}

class Collector {
  readonly timed: Timed[] = []
  /** Numbers of skipped requests: for page resources, and above the limit of connections. */
  leftOut = 0
  beyond = 0
  readonly #startedAt: Date
  readonly #isOwn: boolean
  readonly #polls = new Map<string, number>()
  #connections = 0

  constructor(startedAt: Date, isOwn: boolean) {
    this.#startedAt = startedAt
    this.#isOwn = isOwn
  }

  add(entry: ReadEntry): void {
    const transport = transportOf(entry)
    if (this.#isOwn && entry._realtimeInspector !== undefined) this.#addOwn(entry)
    else if (transport === undefined) this.leftOut++
    else if (transport === 'poll') this.#addCycle(entry)
    else this.#addAttempt(entry, transport)
  }

  addLine(fields: Record<string, unknown>, connection?: number): void {
    const event = parseEvent(connection === undefined ? fields : { ...fields, connection })
    if (event !== undefined) this.timed.push({ time: event.time, event: () => event })
  }

  #addAttempt(entry: ReadEntry, transport: TransportName): void {
    const connection = this.#next()
    if (connection !== undefined) this.#push(attemptEvents(entry, connection, transport, this.#startedAt))
  }

  #addCycle(entry: ReadEntry): void {
    const known = this.#polls.get(pollKey(entry))
    const connection = known ?? this.#next()
    if (connection === undefined) return
    this.#polls.set(pollKey(entry), connection)
    this.#push(cycleEvents(entry, connection, known === undefined, this.#startedAt))
  }

  /** Adds an entry of this program, which contains all events. */
  #addOwn(entry: ReadEntry): void {
    const { connection, answered, events } = entry._realtimeInspector ?? { connection: 1, events: [] }
    this.#connections = Math.max(this.#connections, connection)
    for (const fields of events) this.addLine(fields, connection)
    const kind = ownTransport(entry)
    if (kind !== 'poll') this.#push(messagesOf(entry, connection, kind, this.#startedAt, { head: 0, end: 0 }))
    else if (answered !== undefined) {
      const event = (): RealtimeEvent => ({
        type: 'message',
        connection,
        time: answered,
        direction: 'in',
        ...payloadOf(entry),
      })
      this.timed.push({ time: answered, event })
    }
  }

  #push(events: readonly Timed[]): void {
    for (const event of events) this.timed.push(event)
  }

  /** The next number of a connection. Undefined above the limit. */
  #next(): number | undefined {
    if (this.#connections >= MAX_CONNECTIONS) {
      this.beyond++
      return undefined
    }
    return ++this.#connections
  }
}

/** The transport of an entry, by its list of messages. */
function ownTransport(entry: ReadEntry): TransportName {
  const lists = TRANSPORTS.filter((transport) => {
    const { list } = ENTRY_FIELDS[transport]
    return list !== undefined && entry[list] !== undefined
  })
  return lists[0] ?? 'poll'
}
