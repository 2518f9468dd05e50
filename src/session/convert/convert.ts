/** Converts a recording from one kind of file to another, told apart by their extensions. */
import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { extname } from 'node:path'
import { Failure } from '../../shared/failure.ts'
import { GENERATOR } from '../generator.ts'
import { type MaskOptions, maskingOf } from '../payload-masks.ts'
import type { Recording } from '../recording.ts'
import { redactEvent } from '../redact.ts'
import { modeOfNew, writeWhole } from '../whole-file.ts'
import { SessionWriter } from '../writer.ts'
import { writeCsv } from './csv.ts'
import { writeHar } from './har/write.ts'
import { writeNdjson } from './ndjson.ts'
import { TextFile, type TextSink } from './text-file.ts'

/** What is hidden and what is not, and the names of what was. */
interface WriteOptions extends Required<MaskOptions> {
  /** Where the file will be in the end. */
  readonly target: string
}

/** Writes the recording to the path given, at which there is an empty file. */
type Write = (recording: Recording, path: string, options: WriteOptions) => Promise<void>

function asText(write: (recording: Recording, out: TextSink) => Promise<void>): Write {
  return async (recording, path, options) => {
    const file = await TextFile.open(path)
    let done = false
    try {
      await write(redacted(recording, options), file)
      done = true
    } finally {
      await file.close(done)
    }
  }
}

async function writeSession(recording: Recording, path: string, options: WriteOptions): Promise<void> {
  const { startedAt, dropped = {} } = recording
  const file = await open(path, 'w')
  const stream = createWriteStream('', { fd: file, highWaterMark: 1024 * 1024, flush: true })
  const writer = new SessionWriter(stream, {
    startedAt,
    generator: GENERATOR,
    reveal: options.reveal,
    mask: options.mask,
    endStream: true,
    target: options.target,
    dropped,
  })
  try {
    for await (const events of recording.events()) {
      for (const event of events)
        if (!writer.append(event)) await new Promise<void>((resolve) => writer.onWritable(resolve))
      if (writer.failed) break
    }
  } finally {
    await writer.close()
  }
  for (const name of writer.masked) options.masked.add(name)
}

/** The recording as it may be written. */
function redacted(recording: Recording, options: WriteOptions): Recording {
  const masking = maskingOf(options)
  const { startedAt, generator, dropped } = recording
  return {
    startedAt,
    generator,
    ...(dropped !== undefined && { dropped }),
    // Told of by the recording when it has been read.
    get problems() {
      return recording.problems
    },
    async *events() {
      for await (const events of recording.events()) yield events.map((event) => redactEvent(event, masking))
    },
  }
}

const WRITERS: ReadonlyMap<string, Write> = new Map([
  ['.rtsession', writeSession],
  ['.har', asText(writeHar)],
  ['.csv', asText(writeCsv)],
  ['.ndjson', asText(writeNdjson)],
])

/** Extensions that can be written. */
export const OUTPUT_EXTENSIONS: readonly string[] = [...WRITERS.keys()]

/** Whether a file of this name can be written. */
export function canWrite(path: string): boolean {
  return WRITERS.has(extname(path).toLowerCase())
}

/**
 * Writes the recording as what the path's extension says; the file appears whole or not at all. Secrets are
 * masked but those in `reveal`, and what `mask` names in payloads. Resolves with the names of those masked; rejects with a `Failure`.
 */
export async function writeRecording(
  recording: Recording,
  path: string,
  { reveal = [], mask = [] }: Pick<MaskOptions, 'reveal' | 'mask'> = {},
): Promise<readonly string[]> {
  const write = WRITERS.get(extname(path).toLowerCase())
  if (write === undefined)
    throw new Failure(
      'UNKNOWN_FORMAT',
      `${path} has no extension that can be written; use one of ${OUTPUT_EXTENSIONS.join(', ')}.`,
    )
  const masked = new Set<string>()
  const options = { reveal, mask, masked, target: path }
  await writeWhole(path, (partial) => write(recording, partial, options), modeOfNew(reveal))
  return [...masked].sort()
}
