/** A session from a file. It is read-only, and shown as a whole or as far as it has been played. */
import { dirname } from 'node:path'
import { findAbandoned } from '../../capture/disk/abandoned.ts'
import { removeCapture } from '../../capture/disk/files.ts'
import { PlayedPart } from '../../capture/played-part.ts'
import { EMPTY_LOG } from '../../capture/recording.ts'
import { openRecording } from '../../session/open-recording.ts'
import { RecordedStatus } from '../../session/recorded-status.ts'
import { indexAll, problemsOf, type RecordingFile, SHOWN_PROBLEMS } from '../../session/recording-file.ts'
import type { Timers } from '../../session/replay/timers.ts'
import { isoDate } from '../../shared/clock.ts'
import { typeOf } from '../../shared/event-columns.ts'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import type { Handlers } from '../../shared/protocol/rpc.ts'
import type { EngineMethods, LiveMethods } from '../../shared/protocol.ts'
import type { FileStatus, SessionStatus } from '../../shared/status.ts'
import { ConnectionStarts } from '../connection-starts.ts'
import type { EngineOptions } from '../engine.ts'
import { Reading } from '../reading.ts'
import { Replay } from './replay.ts'

export interface FileEngineOptions extends Pick<EngineOptions, 'notify' | 'directory' | 'settings'> {
  /** The recording; the extension tells its format. */
  readonly file: string
  readonly timers?: Timers
}

const READ_ONLY = () => {
  throw new Failure('READ_ONLY', 'Nothing can be added to a recording; connect in the live panel.')
}

const LIVE_CALLS: Handlers<LiveMethods> = {
  connect: READ_ONLY,
  sendStep: READ_ONLY,
  sendScript: READ_ONLY,
  stopScript: READ_ONLY,
  scriptValues: READ_ONLY,
  keepSecrets: READ_ONLY,
  cookies: READ_ONLY,
  cookieValue: READ_ONLY,
  deleteCookies: READ_ONLY,
  disconnect: READ_ONLY,
  reconnect: READ_ONLY,
  send: READ_ONLY,
  sendForm: READ_ONLY,
  graphqlSchema: READ_ONLY,
  repeat: READ_ONLY,
  sendInOrder: READ_ONLY,
  stopSending: READ_ONLY,
  addRule: READ_ONLY,
  removeRule: READ_ONLY,
  switchRule: READ_ONLY,
  keepAlive: READ_ONLY,
  stopKeepAlive: READ_ONLY,
  startProxy: READ_ONLY,
  stopProxy: READ_ONLY,
  setFaults: READ_ONLY,
  cut: READ_ONLY,
  releaseHeld: READ_ONLY,
  attach: READ_ONLY,
  detach: READ_ONLY,
  mark: READ_ONLY,
  clear: READ_ONLY,
  settleCleared: READ_ONLY,
  removeConnection: READ_ONLY,
  restoreRemoved: READ_ONLY,
  network: READ_ONLY,
  senders: READ_ONLY,
  resend: READ_ONLY,
  cancelResend: READ_ONLY,
}

/** Events looked at in one step. */
const STEP = 16_384
const START_TYPES: ReadonlySet<string> = new Set(['connect', 'open'])

export class FileEngine {
  readonly handlers: Handlers<EngineMethods>
  readonly #recording: RecordingFile
  readonly #shown: PlayedPart
  readonly #reading: Reading
  readonly #replay: Replay
  readonly #fold: RecordedStatus
  readonly #starts = new ConnectionStarts()
  #isLoading = true
  #failure: string | undefined
  /** Number of events that have been looked at for `#end` and `#starts`. */
  #known = 0
  /** Time of the latest event, ms. */
  #end = 0

  /**
   * Opens the file. The status says what is wrong with it. Removes abandoned folders next to that of the options.
   */
  static async open(options: FileEngineOptions): Promise<FileEngine> {
    for (const { directory } of findAbandoned(dirname(options.directory))) removeCapture(directory)
    let engine: FileEngine | undefined
    const progressed = () => engine?.progressed()
    const file = await openToShow(options, progressed).catch(unreadable)
    engine = new FileEngine(options, file)
    engine.progressed()
    return engine
  }

  private constructor(options: FileEngineOptions, file: RecordingFile) {
    this.#recording = file
    const { log } = file
    this.#shown = new PlayedPart(log)
    this.#fold = new RecordedStatus(log)
    this.#reading = new Reading({
      log: this.#shown,
      whole: log,
      starts: this.#starts,
      host: options,
      dialects: options.settings.dialects,
      status: () => this.status(),
    })
    this.#replay = new Replay(log, this.#shown, this.#reading, options.timers)
    const whole = indexAll(file).then(
      () => this.#ended(undefined),
      (thrown) => this.#ended(thrown),
    )
    // Calls whose result is taken for the whole session wait until the file has been read.
    const all = async () => {
      await whole
      if (this.#failure !== undefined) throw new Failure('UNREADABLE', this.#failure)
    }
    const { save, sessionCommands, madeRequest, excerpts } = this.#reading.handlers
    this.handlers = {
      ...this.#reading.handlers,
      ...LIVE_CALLS,
      save: async (params) => {
        if (params.aside === true) await all()
        return await save(params)
      },
      sessionCommands: async (params) => {
        await all()
        return await sessionCommands(params)
      },
      madeRequest: async (params) => {
        await all()
        return await madeRequest(params)
      },
      excerpts: async (plan) => {
        await all()
        return await excerpts(plan)
      },
      replay: async (command) => {
        await whole
        if (log.count === log.firstKept)
          throw new Failure('NO_EVENTS', 'There is nothing to replay: no event could be read from the file.')
        this.#replay.do(command)
      },
      shutdown: () => {
        this.#replay.dispose()
        this.#reading.close()
        this.#recording.close()
      },
    }
  }

  acknowledge(): void {
    this.#reading.acknowledge()
  }

  /** Called when more of the file has been read. */
  progressed(): void {
    const { log } = this.#recording
    while (this.#known < log.count) {
      const { first, count, kind, time } = log.columns(this.#known, STEP)
      for (let i = 0; i < count; i++) {
        this.#end = Math.max(this.#end, time[i] ?? 0)
        if (START_TYPES.has(typeOf(kind[i] ?? 0))) this.#starts.note(log.peek(first + i))
      }
      this.#known = first + count
    }
    this.#reading.appended()
  }

  status(): SessionStatus {
    const shown = this.#shown
    const replay = this.#replay.status
    const { speed = 1, playing = false } = replay ?? {}
    return {
      startedAt: isoDate(shown.startedAt) ?? '',
      at: replay?.position ?? this.#end,
      pace: playing && speed !== 'max' ? speed : 0,
      events: shown.count,
      firstKept: shown.firstKept,
      firstPayload: shown.firstPayload,
      spoolBytes: shown.spoolBytes,
      // Rates are those at the current position; a recording that is not played has none.
      connections: this.#fold.at(shown.count, replay?.position ?? Number.POSITIVE_INFINITY),
      unsaved: 0,
      file: this.#file(replay),
    }
  }

  #file(replay: FileStatus['replay']): FileStatus {
    const { position, size, problems, problemCount } = this.#recording
    const sentences = problemsOf(this.#recording)
    return {
      problems: sentences.slice(0, SHOWN_PROBLEMS),
      problemCount: problemCount + sentences.length - problems.length,
      ...(this.#isLoading ? { loading: { bytes: position, of: size } } : {}),
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
      ...(replay === undefined ? {} : { replay }),
    }
  }

  #ended(thrown: unknown): void {
    this.#isLoading = false
    if (thrown !== undefined) this.#failure = unreadableReason(thrown)
    this.#reading.touch()
  }
}

/** Opens the file, with its first events indexed. */
async function openToShow(
  { file: path, directory, settings }: FileEngineOptions,
  onProgress: () => void,
): Promise<RecordingFile> {
  const { maxMessageSize } = settings
  const options = { directory, limits: settings, maxMessageSize, onProgress, marksChanged: true }
  const file = await openRecording(path, options)
  await file.indexNext()
  return file
}

/** Stands in for a file that could not be opened. */
function unreadable(thrown: unknown): RecordingFile {
  return {
    startedAt: EMPTY_LOG.startedAt,
    dropped: { events: 0, payloads: 0 },
    events: EMPTY_LOG.events,
    log: EMPTY_LOG,
    size: 0,
    position: 0,
    problems: [],
    problemCount: 0,
    indexNext: () => Promise.reject(thrown),
    close: () => {},
  }
}

function unreadableReason(thrown: unknown): string {
  if (thrown instanceof Failure) return thrown.message
  const why = sentenceOf(thrown)
  return `The file could not be read (${why}); check that it is still there.`
}
