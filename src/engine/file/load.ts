/** A recording on the disk as a log: a session file is read where it lies, anything else goes through a capture. */
import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Capture } from '../../capture/capture.ts'
import type { Log } from '../../capture/log.ts'
import { FileLog } from '../../session/file-log.ts'
import type { EngineSettings } from '../../shared/protocol.ts'

export interface LoadOptions {
  /** Private folder for what has to be kept beside the file. */
  readonly directory: string
  readonly settings: EngineSettings
  /** There are more events, or more of the file has been read. */
  progressed(): void
}

/** A log that grows until `whole` resolves. */
export interface Loaded {
  readonly log: Log
  /** Bytes of the file. */
  readonly size: number
  /** Bytes of it that have been read. */
  readonly position: number
  /** What could not be read as it stands: the first sentences, and how many there are. */
  readonly problems: readonly string[]
  readonly problemCount: number
  /** Rejects where the file can be read no further. */
  readonly whole: Promise<void>
  /** Reads no further, and gives up the log. */
  close(): void
}

/** Opens a recording; its first events are there when this resolves. Rejects with a `Failure`. */
export async function load(path: string, options: LoadOptions): Promise<Loaded> {
  return extname(path).toLowerCase() === '.har'
    ? await loadHar(path, options)
    : await loadSession(path, options)
}

async function loadSession(path: string, { settings, progressed }: LoadOptions): Promise<Loaded> {
  const { maxMessageSize } = settings
  const { log, whole } = await FileLog.open(path, { maxMessageSize, onProgress: progressed })
  const dropped = droppedThen(log.droppedEvents, log.droppedPayloads)
  return {
    log,
    whole,
    size: log.size,
    get position() {
      return log.position
    },
    get problems() {
      return [...dropped, ...log.problems.map(({ message }) => message)]
    },
    get problemCount() {
      return dropped.length + log.problemCount
    },
    close: () => log.close(),
  }
}

function droppedThen(events: number, payloads: number): string[] {
  if (events === 0 && payloads === 0) return []
  const were = [
    ...(events > 0 ? [`${events} older events`] : []),
    ...(payloads > 0 ? [`the payloads of ${payloads} events`] : []),
  ]
  return [`When this was saved, ${were.join(' and ')} had been dropped already.`]
}

async function loadHar(path: string, { directory, settings, progressed }: LoadOptions): Promise<Loaded> {
  const { harRecording } = await import('../../session/convert/har/read.ts')
  const recording = await harRecording(path)
  const { size } = await stat(path)
  const failures: string[] = []
  const capture = new Capture({
    ...settings,
    directory,
    clock: { startedAt: recording.startedAt },
    onFailure: ({ message }) => failures.push(message),
  })
  let isClosed = false
  let position = 0
  const read = async () => {
    for await (const events of recording.events()) {
      if (isClosed) return
      for (const event of events) capture.append(event)
      progressed()
      await setImmediate()
    }
    position = size
    progressed()
  }
  return {
    log: capture,
    size,
    get position() {
      return position
    },
    get problems() {
      return [...recording.problems, ...failures]
    },
    get problemCount() {
      return recording.problems.length + failures.length
    },
    whole: read(),
    close: () => {
      isClosed = true
      capture.close()
    },
  }
}
