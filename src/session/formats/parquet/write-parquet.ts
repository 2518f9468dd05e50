/** Writes a recording as an Apache Parquet file, a row for each event (https://parquet.apache.org/docs/file-format/). */
import { type FileHandle, open } from 'node:fs/promises'
import { ParquetWriter } from 'hyparquet-writer'
import type { Recording } from '../../../capture/recording.ts'
import { SessionPass } from '../../../diagnose/session-pass.ts'
import { isoDate } from '../../../shared/clock.ts'
import type { DecodedEvent } from '../../../shared/decoded.ts'
import type { RealtimeEvent } from '../../../shared/event.ts'
import { decodable } from '../../decodable.ts'
import { GENERATOR } from '../../generator.ts'
import type { PayloadMasking } from '../../payload-masks.ts'
import { redactEvent } from '../../redact.ts'
import { FILE_SCHEMA, SCHEMA } from './columns.ts'
import { EventRows } from './event-rows.ts'
import { ParquetSink } from './parquet-sink.ts'
import { RowGroup } from './row-group.ts'

interface ParquetOptions {
  readonly masking: PayloadMasking
  /** The name of the recording. Undefined for a live session. */
  readonly name: string | undefined
}

/** Sentences about connections that could not be decoded. */
const MOST_PROBLEMS = 100

/**
 * Writes all events into an empty file. Row groups are written as they fill, so that memory does not depend on their
 * number. Returns what could not be decoded, a sentence for each connection.
 */
export async function writeParquet(
  recording: Recording,
  path: string,
  options: ParquetOptions,
): Promise<readonly string[]> {
  const file = await open(path, 'w')
  try {
    const problems = await writeRows(recording, file, options)
    await file.sync()
    return problems
  } finally {
    await file.close()
  }
}

async function writeRows(
  recording: Recording,
  file: FileHandle,
  { masking, name }: ParquetOptions,
): Promise<readonly string[]> {
  const sink = new ParquetSink(file)
  const writer = new ParquetWriter({
    writer: sink,
    schema: SCHEMA,
    createdBy: GENERATOR,
    kvMetadata: notes(recording),
  })
  const group = new RowGroup()
  const rows = new EventRows(group, name, recording.startedAt)
  let redacted: RealtimeEvent | undefined
  const add = (event: RealtimeEvent, packets: readonly DecodedEvent[]) => rows.add(redacted ?? event, packets)
  const pass = new SessionPass([{ readsPlainJson: true, add }])
  const flush = async () =>
    await writer.write({ columnData: group.take(), rowGroupSize: Number.MAX_SAFE_INTEGER })
  for await (const events of recording.events())
    for (const event of events) {
      redacted = redactEvent(event, masking)
      const loading = pass.add(decodable(event, redacted))
      if (loading !== undefined) await loading
      if (group.isFull) await flush()
    }
  if (group.count > 0) await flush()
  writer.schema = FILE_SCHEMA
  writer.finish()
  await sink.flush()
  return problemsOf(pass, rows.connections)
}

function problemsOf(pass: SessionPass, connections: Iterable<number>): readonly string[] {
  const problems: string[] = []
  for (const connection of connections) {
    const problem = pass.problemOf(connection)
    if (problem !== undefined) problems.push(`Connection ${connection}: ${problem}`)
    if (problems.length === MOST_PROBLEMS) break
  }
  return problems
}

/** What the header of a session file says. */
function notes({ startedAt, generator = GENERATOR, dropped }: Recording): { key: string; value: string }[] {
  const start = isoDate(startedAt)
  return Object.entries({
    ...(start !== undefined && { startedAt: start }),
    generator,
    droppedEvents: String(dropped?.events ?? 0),
  }).map(([key, value]) => ({ key, value }))
}
