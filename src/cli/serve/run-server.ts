/** Serves a session until it is stopped. */
import type { ClientEvent, ServeOptions } from '../../session/serve/serve-options.ts'
import { serveSession } from '../../session/serve/serve-session.ts'
import { describeWriteError } from '../../session/write-error.ts'
import { readerTimeout } from '../connect/outputs.ts'
import { EXIT, onSignal } from '../exit.ts'
import { LineStream } from '../line-stream.ts'
import { openForPlayback } from '../recordings.ts'
import { printNotice } from '../standard-error.ts'
import { clientLog } from './client-log.ts'

/** The options that commander hands over, each read by its reader. */
export interface ServeCommandOptions extends Omit<ServeOptions, 'allowOrigins' | 'onClient'> {
  readonly allowOrigin?: readonly string[]
  /** Milliseconds. */
  readonly duration?: number
  readonly log?: boolean
}

/** Resolves with the exit code. Rejects with a `Failure` if there is nothing to serve, or the port cannot be used. */
export async function runServer(file: string, options: ServeCommandOptions): Promise<number> {
  const source = await openForPlayback(file, true)
  const { events, payloads } = source.dropped
  if (events > 0 || payloads > 0)
    printNotice(
      `The recording did not keep ${events} events and ${payloads} payloads; clients do not receive them.`,
    )
  let stop: (code: number) => void = () => {}
  const stopped = new Promise<number>((resolve) => {
    stop = resolve
  })
  const lines = new LineStream(process.stdout, (error) => {
    if (error.code === 'EPIPE') return
    printNotice(describeWriteError(error, 'standard output'))
    stop(EXIT.failed)
  })
  const { log = false, duration, allowOrigin: allowOrigins = [], ...how } = options
  const write = clientLog(lines)
  const onClient = (event: ClientEvent) => {
    if (event.type === 'failed') printNotice(event.reason)
    if (log) write(event)
  }
  const served = await serveSession(source.log, { ...how, allowOrigins, onClient })
  for (const note of served.notes) printNotice(note)
  for (const { url, transport, connection } of served.endpoints)
    lines.write(JSON.stringify({ listening: url, transport, connection }))
  const interrupted = new AbortController()
  const stopListening = onSignal((signalled) => {
    interrupted.abort()
    stop(signalled)
  })
  const timer = duration === undefined ? undefined : setTimeout(stop, duration, EXIT.done)
  const code = await stopped
  clearTimeout(timer)
  await served.close()
  await Promise.race([lines.finish(), readerTimeout(interrupted.signal)])
  stopListening()
  source.close()
  return code
}
