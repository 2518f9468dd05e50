/** Plays a session to standard output and to a file. */
import type { RecordingFile } from '../../session/recording-file.ts'
import { Player } from '../../session/replay/player.ts'
import type { EventSink } from '../../shared/event.ts'
import { openOutputs, readerTimeout } from '../connect/outputs.ts'
import { copiesLines } from '../connect/tee-sink.ts'
import { EXIT, onSignal } from '../exit.ts'
import { openForPlayback } from '../recordings.ts'
import { printFailure } from '../standard-error.ts'
import type { ReplayPlan } from './replay-plan.ts'

/** Resolves with the exit code once everything is written. Rejects with a `Failure` if a file cannot be opened. */
export async function run({ file, speed, duration, outputs: plan }: ReplayPlan): Promise<number> {
  // What is printed and saved is masked. Decoders tell connections apart by what is not.
  const source = await openForPlayback(file, false)
  let code: number = EXIT.done
  let failure: unknown
  let ended = () => {}
  const over = new Promise<void>((resolve) => {
    ended = resolve
  })
  const fail = (thrown: unknown) => {
    failure ??= thrown
    ended()
  }
  const { startedAt, dropped } = source
  const outputs = await openOutputs(plan, { startedAt, dropped }, { readerGone: ended, failed: fail })
  const interrupted = new AbortController()
  const stopListening = onSignal((signalled) => {
    code = signalled
    interrupted.abort()
    ended()
  })
  const timer = duration === undefined ? undefined : setTimeout(ended, duration)
  const player = new Player(
    source.log,
    {
      emit(index) {
        try {
          return outputs.isSilent || print(outputs.sink, source.log, index)
        } catch (thrown) {
          player.dispose()
          fail(thrown)
          return true
        }
      },
      onWritable: (callback) => outputs.sink.onWritable(callback),
      changed: () => player.state === 'ended' && ended(),
    },
    { speed },
  )
  player.play()
  await over
  player.dispose()
  clearTimeout(timer)
  await outputs.close(readerTimeout(interrupted.signal)).catch(fail)
  stopListening()
  source.close()
  if (failure !== undefined) printFailure(failure)
  return failure === undefined ? code : EXIT.failed
}

/** Returns whether there is room for more. */
function print(sink: EventSink, log: RecordingFile['log'], index: number): boolean {
  const line = copiesLines(sink) ? log.writtenLine?.(index) : undefined
  return line !== undefined && copiesLines(sink) ? sink.appendLines(line, 1) : sink.append(log.event(index))
}
