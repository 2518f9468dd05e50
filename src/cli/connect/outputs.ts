/** The outputs of a session: printed in one of the formats, saved to a file, or both. */
import { once } from 'node:events'
import { open, stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { GENERATOR } from '../../session/generator.ts'
import { maskingOf } from '../../session/payload-masks.ts'
import { SessionWriter, type SessionWriterOptions } from '../../session/session-writer.ts'
import { endWithLine, modeOfNew } from '../../session/whole-file.ts'
import { describeWriteError } from '../../session/write-error.ts'
import type { EventSink } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { isReaderGone, LineStream, STANDARD_OUTPUT, writeFailure } from '../line-stream.ts'
import { fromNpmPackage } from '../npm-only.ts'
import { chooseColors } from '../pretty/terminal-text.ts'
import type { PrintedDecoding } from '../printed-decoding.ts'
import { printNotice } from '../standard-error.ts'
import { printUnmet } from '../unmet-masks.ts'
import type { OutputPlan } from './connect-plan.ts'
import { RotatedFiles } from './rotated-files.ts'
import { TeeSink } from './tee-sink.ts'

/** Buffered bytes of the session file. */
const FILE_BUFFER = 1024 * 1024
const DEFAULT_COLUMNS = 80
/** Milliseconds after Ctrl-C that a reader of standard output has to take what is already printed. */
const READER_GRACE = 1000

export interface Outputs {
  readonly sink: EventSink
  /** Nothing is printed or saved. */
  readonly isSilent: boolean
  /**
   * Resolves when everything is written. Stops waiting for standard output once `timeout` settles. Rejects with a
   * `Failure` if something could not be written.
   */
  close(timeout: Promise<void>): Promise<void>
}

/** What the first line of the session says. */
export type SessionHead = Pick<SessionWriterOptions, 'startedAt' | 'dropped'>

export interface OutputEvents {
  /** The reader of standard output has gone. */
  readonly readerGone: () => void
  readonly failed: (failure: Failure) => void
}

interface Output {
  readonly sink: EventSink
  /** Names of the fields masked so far. */
  readonly masked: ReadonlySet<string>
  readonly decoding?: PrintedDecoding | undefined
  close(): Promise<void>
}

/** Opens the outputs in the plan. Rejects with a `Failure` if the file cannot be created. */
export async function openOutputs(
  plan: OutputPlan,
  session: SessionHead,
  events: OutputEvents,
): Promise<Outputs> {
  // First, because it may not be there; the others overwrite and print.
  const sent = plan.otlp === undefined ? undefined : await openSent(plan.otlp, plan, session)
  const file = plan.save === undefined ? undefined : await openSaved(plan.save, plan, session, events)
  const printed = await openPrinted(plan, session, events)
  const outputs = [file, printed, sent].filter((output) => output !== undefined)
  const sinks = outputs.map(({ sink }) => sink)
  const [only, ...more] = sinks
  return {
    sink: only !== undefined && more.length === 0 ? only : new TeeSink(sinks),
    isSilent: sinks.length === 0,
    async close(timeout) {
      await Promise.all([file?.close(), sent?.close(), Promise.race([printed?.close(), timeout])])
      for (const problem of printed?.decoding?.problems() ?? []) printNotice(problem)
      const masked = outputs.flatMap((output) => [...output.masked])
      if (outputs.length > 0) printUnmet(plan.mask, masked)
    },
  }
}

function sessionOptions(plan: OutputPlan, session: SessionHead) {
  const { reveal, mask, secrets } = plan
  return { ...session, generator: GENERATOR, reveal, mask, ...(secrets !== undefined && { secrets }) }
}

async function openSaved(
  path: string,
  plan: OutputPlan,
  session: SessionHead,
  events: OutputEvents,
): Promise<Output> {
  if (plan.rotation === undefined) return await openFile(path, plan, session, events)
  if (path === '-' || (await isSpecial(path)))
    throw new Failure('WRITE', `--rotate makes files beside ${path}, which is not a file; name one.`)
  const files = new RotatedFiles({
    ...{ path, rotation: plan.rotation, mode: modeOfNew(plan.reveal) },
    writer: { ...sessionOptions(plan, session), onFailure: events.failed },
  })
  return {
    sink: files,
    get masked() {
      return files.masked
    },
    close: () => files.close(),
  }
}

/** Whether the path leads to something that is not a file, such as `/dev/null`. */
async function isSpecial(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && !found.isFile()
}

/** Loaded only if it is used, because OpenTelemetry is large. */
async function openSent(collector: string, plan: OutputPlan, { startedAt }: SessionHead): Promise<Output> {
  const [{ openOtlp }, { PrintedDecoding }] = await Promise.all([
    fromNpmPackage('--otlp', () => import('../otlp/otlp-output.ts')),
    import('../printed-decoding.ts'),
  ])
  const decoding = await PrintedDecoding.load(plan, plan.dialects)
  const masked = new Set<string>()
  return { ...openOtlp(collector, startedAt, maskingOf({ ...plan, masked }), decoding), masked }
}

async function openFile(
  path: string,
  plan: OutputPlan,
  session: SessionHead,
  events: OutputEvents,
): Promise<Output> {
  const handle = await open(path, 'w', modeOfNew(plan.reveal)).catch((error: NodeJS.ErrnoException) => {
    throw new Failure(error.code ?? 'WRITE', describeWriteError(error))
  })
  const isFile = (await handle.stat()).isFile()
  const stream = handle.createWriteStream({ highWaterMark: FILE_BUFFER, flush: isFile })
  const writer = new SessionWriter(stream, {
    ...sessionOptions(plan, session),
    endStream: true,
    target: path,
    onFailure: events.failed,
  })
  return {
    sink: writer,
    masked: writer.masked,
    async close() {
      try {
        await writer.close()
      } catch (thrown) {
        if (isFile) await endWithLine(path)
        throw thrown
      }
    },
  }
}

async function openPrinted(
  plan: OutputPlan,
  session: SessionHead,
  events: OutputEvents,
): Promise<Output | undefined> {
  const failed = (failure: Failure) => (isReaderGone(failure) ? events.readerGone() : events.failed(failure))
  switch (plan.format) {
    case 'none':
      return undefined
    case 'jsonl': {
      const printing = plan.decoded ? await import('../printed-decoding.ts') : undefined
      const decoding = await printing?.PrintedDecoding.load(plan, plan.dialects)
      const writer = new SessionWriter(process.stdout, {
        ...sessionOptions(plan, session),
        ...(printing !== undefined &&
          decoding !== undefined && {
            decoded: (event, redacted) => printing.decodedJson(decoding.decode(event, redacted)),
          }),
        endStream: false,
        target: STANDARD_OUTPUT,
        onFailure: failed,
      })
      // `onFailure` has reported why it failed.
      return { sink: writer, masked: writer.masked, decoding, close: () => writer.close().catch(() => {}) }
    }
    case 'pretty': {
      const { PrintedDecoding } = await import('../printed-decoding.ts')
      const { PrettyPrinter } = await import('../pretty/pretty-printer.ts')
      const lines = new LineStream(process.stdout, (error) => failed(writeFailure(error)))
      const masked = new Set<string>()
      const decoding = await PrintedDecoding.load(plan, plan.dialects)
      const sink = new PrettyPrinter(lines, {
        columns: () => process.stdout.columns ?? DEFAULT_COLUMNS,
        colors: chooseColors(plan.color),
        masking: maskingOf({ ...plan, masked }),
        decoding,
        headings: plan.headings,
      })
      return { sink, masked, decoding, close: () => lines.finish() }
    }
  }
}

/** Settles some time after Ctrl-C, when the program stops waiting for the reader of standard output. */
export async function readerTimeout(interrupted: AbortSignal): Promise<void> {
  if (!interrupted.aborted) await once(interrupted, 'abort')
  await delay(READER_GRACE, undefined, { ref: false })
}
