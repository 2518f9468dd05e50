/** Runs live connections until they end and every output is written. */
import { Hub } from '../../engine/hub.ts'
import { startClock } from '../../shared/clock.ts'
import type { EventSink, RealtimeEvent } from '../../shared/event.ts'
import { SignIn } from '../credentials/sign-in.ts'
import { EXIT, onSignal } from '../exit.ts'
import { maskInErrors, printFailure } from '../standard-error.ts'
import type { ConnectPlan, OutputPlan } from './connect-plan.ts'
import type { Connection } from './driver.ts'
import { EarlySink } from './early-sink.ts'
import { openOutputs, readerTimeout } from './outputs.ts'
import { TeeSink } from './tee-sink.ts'

/** The connections of a command. */
export interface LiveRun {
  /** Limits the messages that they receive: the sink on which it passes on to another one. */
  readonly limits?: { on(sink: EventSink): EventSink } | undefined
  /** Starts to listen for what it records, before the outputs are opened. Rejects with a `Failure` if that is not possible. */
  listen?(hub: Hub): Promise<void>
  /** Opens them. Resolves when all have ended. */
  run(hub: Hub): Promise<Ending>
  /** Ends them cleanly. May be called before `run`. */
  end(): void
  /** Called if the state of a connection may have changed. */
  update(connection: Connection): void
  /** Called for each event before the outputs get it. Must not send, because what is sent comes after it. */
  arriving?(event: RealtimeEvent): void
  /** Called for each event that the outputs got. */
  appended?(event: RealtimeEvent): void
}

/** How the connections ended, or why the program ends them. */
export interface Ending {
  readonly code: number
  /** Printed to standard error. */
  readonly failures: readonly unknown[]
}

/** The ending of a run in which these failures happened; without any, it succeeded. */
export function endingOf(failures: readonly unknown[]): Ending {
  return { code: failures.length === 0 ? EXIT.done : EXIT.failed, failures }
}

/** Resolves with the exit code once every output is written. Rejects with a `Failure` if an output cannot be opened. */
export async function runLive(
  plan: OutputPlan & Pick<ConnectPlan, 'secrets' | 'duration'> & { readonly signIn?: SignIn },
  live: LiveRun,
): Promise<number> {
  const { secrets, signIn = new SignIn(secrets) } = plan
  maskInErrors(secrets)
  const clock = startClock()
  let ending: Ending | undefined
  const end = (code: number, failures: readonly unknown[] = []) => {
    ending ??= { code, failures }
    live.end()
  }
  // A failure to write decides the exit code, whatever else ended the connections.
  let unwritten: Ending | undefined
  const failedToWrite = (failure: unknown) => {
    unwritten ??= { code: EXIT.failed, failures: [failure] }
    end(EXIT.failed)
  }

  const hubOn = (sink: EventSink) =>
    new Hub({
      clock,
      network: {},
      secrets,
      authorize: ({ credentials, refused }) => signIn.token(credentials, refused),
      sink,
      cookies: plan.cookieFile?.cookies,
      changed: (changed) => live.update(changed),
    })
  const listening = await startListening(live, hubOn)
  const outputs = await openOutputs(plan, clock, {
    readerGone: () => end(EXIT.done),
    failed: failedToWrite,
  }).catch((failure: unknown) => {
    live.end()
    throw failure
  })
  const interrupted = new AbortController()
  const stopListening = onSignal((code) => {
    interrupted.abort()
    signIn.stop()
    end(code)
  })
  // What the connections did until then decides the exit code.
  const timer = plan.duration === undefined ? undefined : setTimeout(() => live.end(), plan.duration)
  const watchedSink = watched(outputs.sink, live)
  const sink = live.limits?.on(watchedSink) ?? watchedSink
  listening?.sink.open(sink)
  const ended = await live.run(listening?.hub ?? hubOn(sink))

  clearTimeout(timer)
  signIn.stop()
  await outputs.close(readerTimeout(interrupted.signal)).catch(failedToWrite)
  await plan.cookieFile?.write().catch(failedToWrite)
  stopListening()
  const result = unwritten ?? ending ?? ended
  for (const failure of result.failures) printFailure(failure)
  return result.code
}

/** Starts what listens, if the run does. Its events are kept until there are outputs. */
async function startListening(live: LiveRun, hubOn: (sink: EventSink) => Hub) {
  if (live.listen === undefined) return undefined
  const sink = new EarlySink()
  const hub = hubOn(sink)
  await live.listen(hub)
  return { hub, sink }
}

/** The sink, with the run before and after it. */
function watched(sink: EventSink, live: LiveRun): EventSink {
  const sinks = [
    ...(live.arriving === undefined ? [] : [handing((event) => live.arriving?.(event))]),
    sink,
    ...(live.appended === undefined ? [] : [handing((event) => live.appended?.(event))]),
  ]
  return sinks.length === 1 ? sink : new TeeSink(sinks)
}

/** A sink that hands events on and always has room. */
function handing(take: (event: RealtimeEvent) => void): EventSink {
  return {
    append(event) {
      take(event)
      return true
    },
    onWritable: queueMicrotask,
  }
}
