/** Runs one connection from its first attempt to a whole session file and an exit code. */
import { setTimeout as delay } from 'node:timers/promises'
import { Hub } from '../../engine/hub.ts'
import { startClock } from '../../shared/clock.ts'
import { composeMessage } from '../../shared/compose.ts'
import { Failure } from '../../shared/failure.ts'
import { complain } from '../complain.ts'
import { EXIT } from '../exit.ts'
import { LimitSink } from './limit-sink.ts'
import { LineSender } from './line-sender.ts'
import { openOutputs } from './outputs.ts'
import type { ConnectPlan } from './plan.ts'
import { onSignal } from './signals.ts'

type Connection = ReturnType<Hub['connect']>

/** After Ctrl-C, milliseconds that a reader of standard output has to take what was printed before. */
const READER_GRACE = 1000

/** Why the connection is ended before it ends by itself. */
interface Stop {
  readonly code: number
  /** What to say on standard error. */
  readonly failure?: unknown
}

/**
 * Resolves with the exit code when everything printed and saved is written. Rejects with a `Failure`
 * where an output cannot be opened.
 */
export async function runConnection(plan: ConnectPlan): Promise<number> {
  const clock = startClock()
  let stop: Stop | undefined
  let connection: Connection | undefined
  const end = (why: Stop) => {
    stop ??= why
    // Not within the callback of the socket that may have brought this about.
    queueMicrotask(() => void connection?.disconnect())
  }
  const fail = (failure: unknown) => end({ code: EXIT.failed, failure })

  const outputs = await openOutputs(plan, clock, { readerGone: () => end({ code: EXIT.done }), failed: fail })
  const interrupted = new AbortController()
  const stopListening = onSignal((code) => {
    interrupted.abort()
    end({ code })
  })
  const timer = plan.duration === undefined ? undefined : setTimeout(end, plan.duration, { code: EXIT.done })
  const talker = new Talker(plan, fail)
  const { maxMessages } = plan
  const hub = new Hub({
    clock,
    network: {},
    sink:
      maxMessages === undefined
        ? outputs.sink
        : new LimitSink(outputs.sink, maxMessages, () => end({ code: EXIT.done })),
    changed: (changed) => talker.update(changed),
  })
  connection = hub.connect(plan.spec)
  const outcome = await connection.done

  clearTimeout(timer)
  talker.stop()
  await outputs.close(readerPatience(interrupted.signal)).catch(fail)
  stopListening()
  stop ??= outcome.end === 'done' ? { code: EXIT.done } : failedConnection(outcome.reason)
  if (stop.failure !== undefined) complain(stop.failure)
  return stop.code
}

function failedConnection(reason: string): Stop {
  return { code: EXIT.failed, failure: new Failure('CONNECTION', reason) }
}

/** Settles when it is not worth waiting for standard output's reader any longer: some time after Ctrl-C. */
async function readerPatience(interrupted: AbortSignal): Promise<void> {
  if (!interrupted.aborted) {
    await new Promise<void>((resolve) =>
      interrupted.addEventListener('abort', () => resolve(), { once: true }),
    )
  }
  await delay(READER_GRACE, undefined, { ref: false })
}

/** Sends what the command line and standard input say, when the connection can take it. */
class Talker {
  readonly #lines: LineSender | undefined
  readonly #messages: readonly string[]
  readonly #failed: (thrown: unknown) => void
  #connection: Connection | undefined
  #greeted = false

  constructor(plan: ConnectPlan, failed: (thrown: unknown) => void) {
    this.#messages = plan.send
    this.#failed = failed
    if (plan.interactive) this.#lines = new LineSender(process.stdin, (line) => this.#send(line), failed)
  }

  /** The connection's state may have changed. */
  update(connection: Connection): void {
    this.#connection = connection
    const { state, stalled } = connection.status()
    if (state === 'open' && !this.#greeted) this.#greet()
    this.#lines?.setReady(state === 'open' && !stalled)
  }

  stop(): void {
    this.#lines?.stop()
  }

  #greet(): void {
    this.#greeted = true
    try {
      for (const message of this.#messages) this.#send(message)
    } catch (thrown) {
      this.#failed(thrown)
    }
  }

  #send(text: string): void {
    this.#connection?.send(composeMessage({ format: 'text', text }))
  }
}
