/** Writes a capture to a session file, without holding the thread for long. */
import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import type { RealtimeEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import type { MaskOptions } from './payload-masks.ts'
import { modeOfNew, writeWhole } from './whole-file.ts'
import { SessionWriter } from './writer.ts'

/** What is read of a capture to save it. */
export interface EventSource {
  readonly startedAt: Date
  readonly count: number
  readonly firstKept: number
  readonly droppedPayloads: number
  readonly generation: number
  peek(index: number): RealtimeEvent
}

export interface SaveOptions extends Pick<MaskOptions, 'reveal' | 'mask'> {
  readonly generator: string
  /** Which events, by number; default all up to now. */
  readonly indexes?: Iterable<number>
  /** Told now and then how many events are written. */
  readonly onProgress?: (events: number) => void
  readonly signal?: AbortSignal
}

export interface SaveResult {
  readonly events: number
  /** Names of the secrets hidden. */
  readonly masked: readonly string[]
  /** Events whose payload is not kept any more. Default 0. */
  readonly withoutPayload?: number
}

/** Milliseconds one slice may hold the thread, and events written between two looks at the clock. */
const SLICE = 8
const STEP = 64

function* range(from: number, to: number): Generator<number> {
  for (let index = from; index < to; index++) yield index
}

/**
 * Saves to a file that appears whole or not at all: it is written beside its place and moved there at the
 * end. Events appended meanwhile are left out. Rejects with a `Failure`.
 */
export async function saveSession(
  source: EventSource,
  path: string,
  options: SaveOptions,
): Promise<SaveResult> {
  const { generation, firstKept, count } = source
  const asNow = { generation, firstKept, count }
  return await writeWhole(
    path,
    (partial) => writeAll(source, asNow, { partial, target: path }, options),
    modeOfNew(options.reveal),
  )
}

async function writeAll(
  source: EventSource,
  { generation, firstKept, count }: Pick<EventSource, 'generation' | 'firstKept' | 'count'>,
  { partial, target }: { readonly partial: string; readonly target: string },
  options: SaveOptions,
): Promise<SaveResult> {
  const file = await open(partial, 'w')
  const writer = new SessionWriter(
    createWriteStream('', { fd: file, highWaterMark: 1024 * 1024, flush: true }),
    {
      startedAt: source.startedAt,
      generator: options.generator,
      reveal: options.reveal ?? [],
      mask: options.mask ?? [],
      endStream: true,
      target,
      dropped: { events: firstKept, payloads: source.droppedPayloads },
    },
  )
  let withoutPayload = 0
  try {
    checkUnchanged(source, generation, options.signal)
    let until = performance.now() + SLICE
    let writable = true
    for (const index of options.indexes ?? range(firstKept, count)) {
      // Dropped while this was being written.
      if (index < source.firstKept) continue
      const event = source.peek(index)
      if ('payload' in event && event.dropped !== undefined) withoutPayload++
      writable = writer.append(event) && writable
      if (writable && (writer.count % STEP !== 0 || performance.now() < until)) continue
      if (!writable) await new Promise<void>((resolve) => writer.onWritable(resolve))
      options.onProgress?.(writer.count)
      await setImmediate()
      checkUnchanged(source, generation, options.signal)
      if (writer.failed) break
      writable = true
      until = performance.now() + SLICE
    }
  } finally {
    await writer.close()
  }
  return {
    events: writer.count,
    masked: [...writer.masked].sort(),
    ...(withoutPayload > 0 && { withoutPayload }),
  }
}

function checkUnchanged(source: EventSource, generation: number, signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Failure('CANCELLED', 'Saving was cancelled; nothing was written.')
  if (source.generation !== generation)
    throw new Failure('CLEARED', 'The session was cleared while it was being saved; nothing was written.')
}
