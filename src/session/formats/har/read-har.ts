/** Reads HAR files of browsers and other programs, and this program's own HAR files, which round-trip unchanged. */
import { closeSync, openSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { ReadOptions, Recording } from '../../../capture/recording.ts'
import { Failure } from '../../../shared/failure.ts'
import { toReadFailure } from '../../session-reader.ts'
import { InvalidJson } from '../bytes/json-cursor.ts'
import { EntryPlan, MAX_CONNECTIONS } from './entry-plan.ts'
import { type Batch, batches, EventBatch, LineBatch } from './event-batches.ts'
import { HarEvents } from './har-events.ts'
import { HarIndex, type IndexedList } from './har-index.ts'
import { longestItem } from './read-entry-fields.ts'

/** Milliseconds for which the thread may be held. */
const SLICE = 8

export interface HarRecording extends Recording {
  readonly written: NonNullable<Recording['written']>
  readonly generator: string
  /** What could not be read, one sentence each. */
  readonly problems: readonly string[]
}

/**
 * Finds what is in the file. Its events are read from it each time. `maxMessageSize` is the number of bytes of the largest
 * payload. Rejects with a `Failure`: `NOT_A_HAR`, `TOO_LARGE`, or the file system's code.
 */
export async function readHar(path: string, maxMessageSize?: number): Promise<HarRecording> {
  const longest = longestItem(maxMessageSize)
  const index = await withFile(path, (fd) => indexHar(fd, path, longest))
  const { name, version } = index.creator
  const plan = new EntryPlan(index)
  const first = Number.isFinite(index.earliest) ? Math.floor(index.earliest) : Number.NaN
  const startedAt = new Date(index.ownStart ?? first)
  const problems = problemsOf(index, plan, longest)
  async function* read<Part>(batch: Batch<Part>, options: ReadOptions = {}): AsyncGenerator<Part[]> {
    const fd = openFile(path)
    try {
      yield* batches(new HarEvents(fd, index, plan, startedAt, longest).read(), batch, options)
    } catch (thrown) {
      throw thrown instanceof InvalidJson ? notJson(path) : toFailure(thrown, path)
    } finally {
      closeSync(fd)
    }
  }
  return {
    startedAt,
    generator: `${name} ${version}`.trim(),
    problems,
    events: (options) => read(new EventBatch(), options),
    written: (options) => read(new LineBatch(), options),
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (thrown) {
    throw toReadFailure(thrown, path)
  }
}

async function withFile<T>(path: string, use: (fd: number) => Promise<T>): Promise<T> {
  const fd = openFile(path)
  try {
    return await use(fd)
  } catch (thrown) {
    throw toFailure(thrown, path)
  } finally {
    closeSync(fd)
  }
}

/** An error of the file system as a `Failure`. Any other stays as it is. */
function toFailure(thrown: unknown, path: string): unknown {
  return thrown instanceof Error && 'syscall' in thrown ? toReadFailure(thrown, path) : thrown
}

async function indexHar(fd: number, path: string, longest: number): Promise<HarIndex> {
  const index = new HarIndex(fd, longest)
  try {
    let until = performance.now() + SLICE
    for (const _ of index.read()) {
      if (performance.now() < until) continue
      await setImmediate()
      until = performance.now() + SLICE
    }
  } catch (thrown) {
    throw thrown instanceof InvalidJson ? notJson(path) : thrown
  }
  if (index.hasEntries) return index
  throw new Failure(
    'NOT_A_HAR',
    `${path} is not a HAR: it has no log with a list of entries. Export it from the network panel of a browser's developer tools.`,
  )
}

function notJson(path: string): Failure {
  return new Failure(
    'NOT_A_HAR',
    `${path} is not a HAR: it is not valid JSON. If its export was cut short, export it again.`,
  )
}

function problemsOf(index: HarIndex, plan: EntryPlan, longest: number): string[] {
  const { entries, total, tooLarge } = index
  const problems: string[] = []
  const unreadable = total - entries.positions.length
  if (unreadable > 0) problems.push(`${unreadable} of ${total} entries are not HAR entries and were skipped.`)
  const lists = messageLists(index)
  const lost = lists.reduce((sum, list) => sum + list.total - list.count, 0)
  if (lost > 0)
    problems.push(
      `${lost} ${lost === 1 ? 'message' : 'messages'} in lists of messages could not be read and were left out.`,
    )
  const untimed = lists.reduce((sum, list) => sum + list.untimed, 0)
  if (untimed > 0)
    problems.push(
      `${untimed} ${untimed === 1 ? 'message has' : 'messages have'} no time that can be read, and stand at the time of their answer's head.`,
    )
  if (tooLarge > 0)
    problems.push(
      `${tooLarge} ${tooLarge === 1 ? 'value was' : 'values were'} left out, because a body has at most ${Math.floor(longest / 1024 / 1024)} MiB, and a field less.`,
    )
  if (plan.beyond > 0)
    problems.push(
      `${plan.beyond} requests were left out, because a session has at most ${MAX_CONNECTIONS} connections.`,
    )
  if (plan.leftOut > 0)
    problems.push(`${plan.leftOut} requests for pages, scripts, styles, images and the like were left out.`)
  const marks = index.ownStart === undefined ? 0 : (index.marks?.count ?? 0)
  if (plan.isEmpty && marks === 0)
    problems.push('The HAR has no WebSocket, stream or request to an API in it.')
  return problems
}

function messageLists({ entries }: HarIndex): IndexedList[] {
  const lists = [...entries.lists.values()].flatMap((each) => Object.values(each))
  return lists.filter(({ name }) => name !== 'events')
}
