/** Runs one connection from its first attempt to a whole session file and an exit code. */
import { Hub } from '../../engine/hub.ts'
import { startClock } from '../../shared/clock.ts'
import { composeMessage } from '../../shared/compose/compose.ts'
import type { ComposedMessage } from '../../shared/compose/composed.ts'
import type { EventSink, RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { EXIT, onSignal } from '../exit.ts'
import { printFailure } from '../standard-error.ts'
import type { ConnectPlan } from './connect-plan.ts'
import { LimitSink } from './limit-sink.ts'
import { LineSender } from './line-sender.ts'
import { openOutputs, readerPatience } from './outputs.ts'
import { TeeSink } from './tee-sink.ts'

type Connection = ReturnType<Hub['connect']>

/** What uses the connection: it sends when it can, and may end it. */
export interface Driver {
  /** The connection's state may have changed. */
  update(connection: Connection): void
  /** An event was taken into the session. */
  took?(event: RealtimeEvent): void
  /** The connection has ended; a `Failure` where that was too early. */
  stop(): Failure | undefined
}

export interface DriverHost {
  /** Ends the connection cleanly. */
  done(): void
  failed(thrown: unknown): void
}

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
export async function runConnection(
  plan: ConnectPlan,
  makeDriver: (host: DriverHost) => Driver = (host) => new Talker(plan, host),
): Promise<number> {
  const clock = startClock()
  let stop: Stop | undefined
  let connection: Connection | undefined
  const end = (why: Stop) => {
    stop ??= why
    // Not within the callback of the socket that may have brought this about.
    queueMicrotask(() => void connection?.disconnect())
  }
  const fail = (failure: unknown) => end({ code: EXIT.failed, failure })
  // What could not be written counts, whatever ended the connection.
  let unwritten: Stop | undefined
  const failedToWrite = (failure: unknown) => {
    unwritten ??= { code: EXIT.failed, failure }
    end(unwritten)
  }

  const outputs = await openOutputs(plan, clock, {
    readerGone: () => end({ code: EXIT.done }),
    failed: failedToWrite,
  })
  const interrupted = new AbortController()
  const stopListening = onSignal((code) => {
    interrupted.abort()
    end({ code })
  })
  const timer = plan.duration === undefined ? undefined : setTimeout(end, plan.duration, { code: EXIT.done })
  const driver = makeDriver({ done: () => end({ code: EXIT.done }), failed: fail })
  const { maxMessages } = plan
  const sink = driver.took === undefined ? outputs.sink : new TeeSink([outputs.sink, watching(driver)])
  const hub = new Hub({
    clock,
    network: {},
    sink: maxMessages === undefined ? sink : new LimitSink(sink, maxMessages, () => end({ code: EXIT.done })),
    changed: (changed) => driver.update(changed),
  })
  connection = hub.connect(plan.request.spec)
  const outcome = await connection.done

  clearTimeout(timer)
  const unfinished = driver.stop()
  if (unfinished !== undefined && outcome.end === 'done') fail(unfinished)
  await outputs.close(readerPatience(interrupted.signal)).catch(failedToWrite)
  stopListening()
  stop =
    unwritten ?? stop ?? (outcome.end === 'done' ? { code: EXIT.done } : failedConnection(outcome.reason))
  if (stop.failure !== undefined) printFailure(stop.failure)
  return stop.code
}

/** A sink that has always room. */
function watching(driver: Driver): EventSink {
  return {
    append(event) {
      driver.took?.(event)
      return true
    },
    onWritable: queueMicrotask,
  }
}

function failedConnection(reason: string): Stop {
  return { code: EXIT.failed, failure: new Failure('CONNECTION', reason) }
}

/** Sends what the command line and standard input say, when the connection can take it. */
class Talker implements Driver {
  readonly #lines: LineSender | undefined
  readonly #messages: readonly ComposedMessage[]
  readonly #failed: (thrown: unknown) => void
  #connection: Connection | undefined
  #greeted = false
  #warned = false

  constructor(plan: ConnectPlan, { failed }: DriverHost) {
    this.#messages = plan.request.messages
    this.#failed = failed
    if (plan.interactive)
      this.#lines = new LineSender(process.stdin, (text) => this.#send({ format: 'text', text }), failed)
  }

  update(connection: Connection): void {
    this.#connection = connection
    const { state, stalled, canSend, transport } = connection.status()
    if (state === 'open' && !this.#greeted) this.#greet()
    if (canSend) this.#lines?.setReady(state === 'open' && !stalled)
    else if (state === 'open') this.#warn(transport)
  }

  /** Lines that cannot be sent are left unread. */
  #warn(transport: string): void {
    if (this.#lines === undefined || this.#warned) return
    this.#warned = true
    printFailure(
      new Failure(
        'CANNOT_SEND',
        `-i has no effect here: ${transport} only receives; connect by WebSocket to send.`,
      ),
    )
  }

  stop(): undefined {
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

  #send(message: ComposedMessage): void {
    this.#connection?.send(composeMessage(message))
  }
}
