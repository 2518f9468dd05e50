/**
 * Decides when the connection of a request has done what it was opened for, so that a run ends.
 *
 * `# @duration` and `# @max-messages` decide if the request has them. Otherwise a WebSocket ends once its messages are sent
 * and what it waits for has come: at once if the last step is a wait, else when the server is quiet. What is expected of a
 * connection is awaited, and ends it if it has nothing else to do. Everything else ends when the server ends it. What takes
 * too long fails. Limits of the command line replace those of the request, and only end it earlier if it has none.
 */
import type { Timers } from '../../session/replay/timers.ts'
import type { RequestScript, ScriptStatus } from '../../shared/request-script.ts'
import { timeSpan } from '../../shared/text/quantities.ts'

/** Milliseconds without a message after which the server is quiet. */
const QUIET = 2000
/** Milliseconds for which messages of the server are awaited at most after the last step. */
const LONGEST = 10_000
/** Milliseconds after which a request without `# @duration` fails. With `# @max-messages`, since the last message. */
const PATIENCE = 300_000
/** Milliseconds after which an open connection that may never end is pointed out. */
const SETTLED = 5000

export interface RunLimits {
  readonly maxMessages?: number | undefined
  /** Milliseconds. */
  readonly duration?: number | undefined
}

export interface RequestEndOptions {
  readonly script: RequestScript
  /** Whether anything is expected of the connection. */
  readonly isJudged: boolean
  /** Those of the command line, else those of the request. */
  readonly limits: RunLimits
  /** The request has no limit of its own, so that it ends when its script is done. */
  readonly endsWhenDone: boolean
  /** Milliseconds in which each step must be possible. */
  readonly timeout: number
  readonly timers: Timers
}

export interface RequestEndHost {
  end(): void
  /** Ends it with a sentence that says what took too long. */
  fail(sentence: string): void
  notice(sentence: string): void
}

/** What is known of the connection now. */
export interface RequestProgress {
  readonly isOpen: boolean
  /** Messages can be sent over it. */
  readonly canSend: boolean
  readonly script: Pick<ScriptStatus, 'done' | 'of' | 'waitsFor'>
  /** Nothing is left to send. */
  readonly isDone: boolean
  /** Names of variables that messages have not set yet. */
  readonly missing: readonly string[]
  /** What the expectations wait for. */
  readonly expects: 'deadline' | 'event' | undefined
  /** Whether everything that is expected is decided. */
  readonly isDecided: boolean
}

/** What comes next, and when it is due. */
interface Phase {
  /** Time is measured from the beginning of a phase. It continues while the name stays the same. */
  readonly name: string
  readonly after: number
  due(): void
}

export class RequestEnd {
  readonly #options: RequestEndOptions
  readonly #host: RequestEndHost
  readonly #cancels: (() => void)[] = []
  #phase = ''
  #cancelPhase = (): void => {}
  /** When the last message came. */
  #latest: number
  #isOver = false

  constructor(options: RequestEndOptions, host: RequestEndHost) {
    this.#options = options
    this.#host = host
    const { limits, timers } = options
    this.#latest = timers.now()
    if (limits.duration !== undefined) this.#after(limits.duration, () => host.end())
    else this.#after(PATIENCE, () => this.#losePatience())
    if (this.#isUnlimited && !this.#hasPurpose && !options.isJudged)
      this.#after(SETTLED, () => host.notice(unlimited()))
  }

  /** Call for each inbound message, or for many at once. */
  received(): void {
    this.#latest = this.#options.timers.now()
  }

  /** Call if the progress may have changed. */
  update(progress: RequestProgress): void {
    if (this.#isOver) return
    const phase = this.#phaseOf(progress)
    if (phase?.name === this.#phase) return
    this.#phase = phase?.name ?? ''
    this.#cancelPhase()
    this.#cancelPhase =
      phase === undefined ? () => {} : this.#options.timers.after(phase.after, () => phase.due())
  }

  stop(): void {
    this.#isOver = true
    this.#cancelPhase()
    for (const cancel of this.#cancels) cancel()
  }

  get #isUnlimited(): boolean {
    const { duration, maxMessages } = this.#options.limits
    return duration === undefined && maxMessages === undefined
  }

  /** Whether the script says what the connection is for. */
  get #hasPurpose(): boolean {
    const { steps, values, isManual } = this.#options.script
    return values.length > 0 || (steps.length > 0 && isManual !== true)
  }

  #after(delay: number, callback: () => void): void {
    this.#cancels.push(this.#options.timers.after(delay, callback))
  }

  #phaseOf(progress: RequestProgress): Phase | undefined {
    const { isOpen, canSend, script, isDone } = progress
    const { timeout, limits, endsWhenDone, isJudged } = this.#options
    if (!isOpen) return undefined
    const isScripted = canSend && this.#hasPurpose
    if (isScripted && !isDone) {
      if (limits.duration !== undefined) return undefined
      return {
        name: `step ${script.done}`,
        after: timeout,
        due: () => this.#host.fail(stuck(script, timeout)),
      }
    }
    if (!endsWhenDone || progress.expects === 'deadline') return undefined
    if (progress.expects === 'event') return { name: 'expected', after: timeout, due: () => this.#host.end() }
    if (isScripted) return this.#lastPhase(progress)
    const isOver = isJudged && progress.isDecided && progress.missing.length === 0
    return isOver ? { name: 'decided', after: 0, due: () => this.#host.end() } : undefined
  }

  /** What comes after the last step. */
  #lastPhase({ missing, isDecided }: RequestProgress): Phase {
    const { timeout, timers, isJudged } = this.#options
    if (missing.length > 0) return { name: 'values', after: timeout, due: () => this.#host.end() }
    if (this.#options.script.steps.at(-1)?.kind === 'wait' || (isJudged && isDecided))
      return { name: 'waited', after: 0, due: () => this.#host.end() }
    const start = timers.now()
    return { name: 'quiet', after: QUIET, due: () => this.#checkQuiet(start) }
  }

  #checkQuiet(start: number): void {
    const { timers } = this.#options
    const now = timers.now()
    const quietAt = Math.max(this.#latest, start) + QUIET
    if (now >= quietAt) this.#host.notice(endedQuiet(QUIET))
    else if (now >= start + LONGEST) this.#host.notice(endedBusy(LONGEST))
    else {
      const next = Math.min(quietAt, start + LONGEST)
      this.#cancelPhase = timers.after(next - now, () => this.#checkQuiet(start))
      return
    }
    this.#host.end()
  }

  #losePatience(): void {
    const { limits, timers } = this.#options
    const left = limits.maxMessages === undefined ? 0 : this.#latest + PATIENCE - timers.now()
    if (left > 0) this.#after(left, () => this.#losePatience())
    else this.#host.fail(tooLong(limits))
  }
}

const LIMITS = '# @max-messages or # @duration'

function unlimited(): string {
  return `It has neither # @max-messages nor # @duration, so it runs until the server ends it, and fails after ${timeSpan(PATIENCE)}.`
}

function endedQuiet(quiet: number): string {
  return `It was closed because no message came for ${timeSpan(quiet)}; to say when it ends, add ${LIMITS}, or === wait-for-server after the last message.`
}

function endedBusy(longest: number): string {
  return `It was closed ${timeSpan(longest)} after its last message was sent, while the server was still sending; to say when it ends, add ${LIMITS}.`
}

function tooLong({ maxMessages }: RunLimits): string {
  return maxMessages === undefined
    ? `It did not end within ${timeSpan(PATIENCE)}; add ${LIMITS}.`
    : `No message came for ${timeSpan(PATIENCE)}, before there were ${maxMessages}; lower # @max-messages, or add # @duration.`
}

function stuck({ done, of, waitsFor }: RequestProgress['script'], timeout: number): string {
  const where = `after ${done} of ${of} steps`
  const span = timeSpan(timeout)
  if (waitsFor === 'message')
    return `No message came within ${span} for === wait-for-server, ${where}; check what the server answers, or raise # @timeout.`
  if (typeof waitsFor === 'object')
    return `No message set {{${waitsFor.variables.join('}}, {{')}}} within ${span}, ${where}; check the path and the filter of # @set, or raise # @timeout.`
  return `The connection was not ready to send within ${span}, ${where}; check the handshake, or raise # @timeout.`
}
