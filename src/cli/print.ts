/** Text to standard output, waited for, and quiet where its reader has gone. */
import { describeWriteError } from '../session/writer.ts'
import { Failure } from '../shared/failure.ts'
import { LineStream } from './line-stream.ts'

/** Prints the lines; settles when they are written. Rejects with a `Failure` where they cannot be. */
export async function print(lines: Iterable<string>): Promise<void> {
  let failure: Failure | undefined
  let gone = false
  const stream = new LineStream(process.stdout, (error) => {
    // EPIPE: `| head` has what it wants.
    gone = true
    if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET')
      failure = new Failure(error.code ?? 'WRITE', describeWriteError(error, 'standard output'))
  })
  for (const line of lines) {
    if (gone) break
    if (!stream.write(line)) await new Promise<void>((resolve) => stream.onWritable(resolve))
  }
  await stream.finish()
  if (failure !== undefined) throw failure
}
