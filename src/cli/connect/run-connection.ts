/** Runs one connection until it ends and every output is written. */
import { Hub } from '../../engine/hub.ts'
import { startClock } from '../../shared/clock.ts'
import type { EventSink } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { EXIT, onSignal } from '../exit.ts'
import { printFailure } from '../standard-error.ts'
import type { ConnectPlan } from './connect-plan.ts'
import { type Connection, type Driver, type DriverHost, MessageSender } from './driver.ts'
import { LimitSink } from './limit-sink.ts'
import { openOutputs, readerTimeout } from './outputs.ts'
import { TeeSink } from './tee-sink.ts'

/** Why the program ends the connection. */
interface Ending {
  readonly code: number
  /** Printed to standard error. */
  readonly failure?: unknown
}

/** Resolves with the exit code once every output is written. Rejects with a `Failure` if an output cannot be opened. */
export async function runConnection(
  plan: ConnectPlan,
  makeDriver: (host: DriverHost) => Driver = (host) => new MessageSender(plan, host),
): Promise<number> {
  const clock = startClock()
  let ending: Ending | undefined
  let connection: Connection | undefined
  const end = (why: Ending) => {
    ending ??= why
    // Not from within a callback of the socket.
    queueMicrotask(() => void connection?.disconnect())
  }
  const fail = (failure: unknown) => end({ code: EXIT.failed, failure })
  // A failure to write decides the exit code, whatever else ended the connection.
  let unwritten: Ending | undefined
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
  const sink = driver.appended === undefined ? outputs.sink : new TeeSink([outputs.sink, watching(driver)])
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
  await outputs.close(readerTimeout(interrupted.signal)).catch(failedToWrite)
  stopListening()
  const { code, failure } =
    unwritten ?? ending ?? (outcome.end === 'done' ? { code: EXIT.done } : failedConnection(outcome.reason))
  if (failure !== undefined) printFailure(failure)
  return code
}

/** A sink that hands events to the driver and always has room. */
function watching(driver: Driver): EventSink {
  return {
    append(event) {
      driver.appended?.(event)
      return true
    },
    onWritable: queueMicrotask,
  }
}

function failedConnection(reason: string): Ending {
  return { code: EXIT.failed, failure: new Failure('CONNECTION', reason) }
}
