/** Where a session goes: printed in one of the formats, saved to a file, or both. */
import { open } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { GENERATOR } from '../../session/generator.ts'
import { maskingOf, unmet } from '../../session/payload-masks.ts'
import { endWithLine, modeOfNew } from '../../session/whole-file.ts'
import { describeWriteError, SessionWriter, type SessionWriterOptions } from '../../session/writer.ts'
import type { EventSink } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { LineStream } from '../line-stream.ts'
import { PrettyPrinter } from '../pretty/pretty-printer.ts'
import { chooseColors } from '../pretty/terminal-text.ts'
import { printNotice } from '../standard-error.ts'
import type { OutputPlan } from './connect-plan.ts'
import { TeeSink } from './tee-sink.ts'

/** Bytes of the session file on their way to the disk. */
const FILE_BUFFER = 1024 * 1024
const DEFAULT_COLUMNS = 80
const STANDARD_OUTPUT = 'standard output'
/** After Ctrl-C, milliseconds that a reader of standard output has to take what was printed before. */
const READER_GRACE = 1000

export interface Outputs {
  readonly sink: EventSink
  /**
   * Resolves when all is written; standard output is given up when `patience` settles. Rejects with a
   * `Failure` where something could not be written.
   */
  close(patience: Promise<void>): Promise<void>
}

/** What the session's first line tells. */
export type SessionHead = Pick<SessionWriterOptions, 'startedAt' | 'dropped'>

export interface OutputEvents {
  /** Whoever read standard output has gone. */
  readonly readerGone: () => void
  readonly failed: (failure: Failure) => void
}

interface Output {
  readonly sink: EventSink
  /** Names of what was hidden so far. */
  readonly masked: ReadonlySet<string>
  close(): Promise<void>
}

/** Opens what the plan names. Rejects with a `Failure` where the file cannot be made. */
export async function openOutputs(
  plan: OutputPlan,
  session: SessionHead,
  events: OutputEvents,
): Promise<Outputs> {
  const file = plan.save === undefined ? undefined : await openFile(plan.save, plan, session, events)
  const printed = openPrinted(plan, session, events)
  const outputs = [file, printed].filter((output) => output !== undefined)
  const [only, ...more] = outputs.map(({ sink }) => sink)
  return {
    sink: only !== undefined && more.length === 0 ? only : new TeeSink(outputs.map(({ sink }) => sink)),
    async close(patience) {
      await Promise.all([file?.close(), Promise.race([printed?.close(), patience])])
      const masked = outputs.flatMap((output) => [...output.masked])
      if (outputs.length > 0)
        for (const each of unmet(plan.mask, masked)) printNotice(`Nothing was found for --mask ${each}.`)
    },
  }
}

function sessionOptions(plan: OutputPlan, session: SessionHead) {
  return {
    ...session,
    generator: GENERATOR,
    reveal: plan.reveal,
    mask: plan.mask,
  }
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

function openPrinted(plan: OutputPlan, session: SessionHead, events: OutputEvents): Output | undefined {
  const failed = (code: string | undefined, sentence: string) => {
    // EPIPE: `| head` has what it wants.
    if (code === 'EPIPE' || code === 'ECONNRESET') events.readerGone()
    else events.failed(new Failure(code ?? 'WRITE', sentence))
  }
  switch (plan.format) {
    case 'none':
      return undefined
    case 'jsonl': {
      const writer = new SessionWriter(process.stdout, {
        ...sessionOptions(plan, session),
        endStream: false,
        target: STANDARD_OUTPUT,
        onFailure: ({ code, message }) => failed(code, message),
      })
      // How it failed was told above.
      return { sink: writer, masked: writer.masked, close: () => writer.close().catch(() => {}) }
    }
    case 'pretty': {
      const lines = new LineStream(process.stdout, (error) =>
        failed(error.code, describeWriteError(error, STANDARD_OUTPUT)),
      )
      const masked = new Set<string>()
      const sink = new PrettyPrinter(lines, {
        columns: () => process.stdout.columns ?? DEFAULT_COLUMNS,
        colors: chooseColors(plan.color),
        masking: maskingOf({ ...plan, masked }),
      })
      return { sink, masked, close: () => lines.finish() }
    }
  }
}

/** Settles when it is not worth waiting for standard output's reader any longer: some time after Ctrl-C. */
export async function readerPatience(interrupted: AbortSignal): Promise<void> {
  if (!interrupted.aborted) {
    await new Promise<void>((resolve) =>
      interrupted.addEventListener('abort', () => resolve(), { once: true }),
    )
  }
  await delay(READER_GRACE, undefined, { ref: false })
}
