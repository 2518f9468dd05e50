/** Writes a recording to a file: a session file, HAR, CSV, NDJSON, Parquet, or a scenario of Artillery. */

import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { extname } from 'node:path'
import type { ReadOptions, Recording, WrittenPart } from '../capture/recording.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import { OUTPUT_EXTENSIONS, type Saved } from '../shared/protocol/saving.ts'
import { writeArtillery } from './formats/artillery/write-artillery.ts'
import { ByteFile } from './formats/bytes/byte-file.ts'
import type { ByteSink } from './formats/bytes/byte-sink.ts'
import { writeCsv } from './formats/csv.ts'
import { writeHar } from './formats/har/write-har.ts'
import { writeNdjson } from './formats/ndjson.ts'
import { GENERATOR } from './generator.ts'
import { headerStart } from './line.ts'
import { type MaskOptions, maskingOf, type PayloadMasking } from './payload-masks.ts'
import { redactEvent } from './redact.ts'
import { SessionWriter } from './session-writer.ts'
import { modeOfNew, writeWhole } from './whole-file.ts'

export interface WriteOptions extends ReadOptions, Pick<MaskOptions, 'reveal' | 'mask' | 'secrets'> {
  /** The extension of the format to write. Default: the extension of the path. */
  readonly format?: string
  /** The name of the recording, for formats that say it. Default: it has none, as a live session. */
  readonly name?: string
}

interface Target extends Required<Omit<MaskOptions, 'secrets'>>, Pick<MaskOptions, 'secrets'> {
  readonly masking: PayloadMasking
  /** An empty file. */
  readonly partial: string
  /** The path of the finished file, for error messages. */
  readonly path: string
  readonly name: string | undefined
  /** Collects what could not be decoded. */
  readonly undecoded: string[]
}

type Write = (recording: CountedRecording, target: Target) => Promise<void>

const WRITERS: ReadonlyMap<string, Write> = new Map([
  ['.rtsession', writeSession],
  ['.har', asBlocks(writeHar)],
  ['.csv', asBlocks(writeCsv)],
  ['.ndjson', asBlocks(writeNdjson)],
  ['.parquet', writeTable],
  ['.artillery.yml', toBlocks((recording, { masking }, out) => writeArtillery(recording, masking, out))],
])

/** Whether the path has the extension of a format that can be written. */
export function canWrite(path: string): boolean {
  return WRITERS.has(formatOf(path))
}

/** The extension that says what a file is. */
function formatOf(path: string): string {
  const name = path.toLowerCase()
  return OUTPUT_EXTENSIONS.find((extension) => name.endsWith(extension)) ?? extname(name)
}

/**
 * Writes the events that the recording has now. The file appears whole or not at all. Secrets are masked unless
 * `reveal` names them, and so is what `mask` names in payloads. Rejects with a `Failure`.
 */
export async function writeRecording(
  recording: Recording,
  path: string,
  { reveal = [], mask = [], secrets, format = formatOf(path), name, ...reading }: WriteOptions = {},
): Promise<Saved> {
  const write = WRITERS.get(format)
  if (write === undefined)
    throw new Failure(
      'UNKNOWN_FORMAT',
      `${path} has no extension that can be written; use one of ${OUTPUT_EXTENSIONS.join(', ')}.`,
    )
  const masked = new Set<string>()
  const undecoded: string[] = []
  const masks = { reveal, mask, masked, ...(secrets !== undefined && { secrets }) }
  const masking = maskingOf(masks)
  const counted = new CountedRecording(recording, reading)
  await writeWhole(
    path,
    (partial) => write(counted, { partial, path, name, undecoded, ...masks, masking }),
    modeOfNew(reveal),
  )
  const { count, withoutPayload } = counted
  return {
    events: count,
    masked: [...masked].sort(),
    ...(withoutPayload > 0 && { withoutPayload }),
    ...(undecoded.length > 0 && { undecoded }),
  }
}

/** A snapshot of a recording that counts its events. Can be read once. */
class CountedRecording implements Required<Pick<Recording, 'written'>>, Recording {
  readonly startedAt: Date
  readonly dropped: Recording['dropped']
  readonly generator: Recording['generator']
  count = 0
  withoutPayload = 0
  readonly #batches: AsyncIterable<readonly RealtimeEvent[]>
  readonly #parts: AsyncIterable<readonly WrittenPart[]> | undefined

  constructor(recording: Recording, reading: ReadOptions) {
    if (reading.indexes === undefined) this.#parts = recording.written?.(reading)
    this.startedAt = recording.startedAt
    this.dropped = recording.dropped
    this.generator = recording.generator
    this.#batches = recording.events(reading)
  }

  async *events(): AsyncGenerator<readonly RealtimeEvent[]> {
    for await (const batch of this.#batches) {
      for (const event of batch) this.#add(event)
      yield batch
    }
  }

  /** As the recording has it. */
  async *written(): AsyncGenerator<readonly WrittenPart[]> {
    for await (const parts of this.#parts ?? this.#batches) {
      for (const part of parts) this.#add(part)
      yield parts
    }
  }

  #add(part: WrittenPart): void {
    if ('lines' in part) {
      this.count += part.count
      this.withoutPayload += part.withoutPayload
      return
    }
    this.count++
    if ('payload' in part && part.dropped !== undefined) this.withoutPayload++
  }
}

async function writeSession(recording: CountedRecording, target: Target): Promise<void> {
  const { partial, path, masked, reveal, mask, secrets } = target
  const { startedAt, dropped = {} } = recording
  // Fails before the file is opened.
  headerStart(startedAt)
  const file = await open(partial, 'w')
  const stream = createWriteStream('', { fd: file, highWaterMark: 1024 * 1024, flush: true })
  const writer = new SessionWriter(stream, {
    ...{ startedAt, dropped, reveal, mask, ...(secrets !== undefined && { secrets }) },
    ...{ generator: GENERATOR, endStream: true, target: path },
  })
  try {
    for await (const parts of writer.copiesLines ? recording.written() : recording.events()) {
      for (const part of parts) {
        const hasRoom = 'lines' in part ? writer.appendLines(part.lines, part.count) : writer.append(part)
        if (!hasRoom) await new Promise<void>((resolve) => writer.onWritable(resolve))
      }
      if (writer.failed) break
    }
  } finally {
    await writer.close()
  }
  for (const name of writer.masked) masked.add(name)
}

async function writeTable(
  recording: Recording,
  { partial, masking, name, undecoded }: Target,
): Promise<void> {
  // Loaded late, because it is large.
  const { writeParquet } = await import('./formats/parquet/write-parquet.ts')
  const problems = await writeParquet(recording, partial, { masking, name })
  for (const problem of problems) undecoded.push(problem)
}

function asBlocks(write: (recording: Recording, out: ByteSink) => Promise<void>): Write {
  return toBlocks((recording, { masking }, out) => {
    const redacted: Recording = {
      startedAt: recording.startedAt,
      async *events() {
        for await (const events of recording.events())
          yield events.map((event) => redactEvent(event, masking))
      },
    }
    return write(redacted, out)
  })
}

/** `write` masks the secrets itself. */
function toBlocks(write: (recording: Recording, target: Target, out: ByteSink) => Promise<void>): Write {
  return async (recording, target) => {
    const file = await ByteFile.open(target.partial)
    let done = false
    try {
      await write(recording, target, file)
      done = true
    } finally {
      await file.close(done)
    }
  }
}
