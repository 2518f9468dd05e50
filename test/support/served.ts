/** Serves sessions to a test. */
import { join } from 'node:path'
import { openIndexed } from '../../src/session/open-recording.ts'
import type { ClientEvent, Served, ServeOptions } from '../../src/session/serve/serve-options.ts'
import { serveSession } from '../../src/session/serve/serve-session.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { recordingOf } from './recording.ts'

const running: Served[] = []

/** The events of a recording of the fixtures. */
export async function eventsOf(name: string): Promise<RealtimeEvent[]> {
  const recording = await openIndexed(join(FIXTURES, name))
  const { log } = recording
  const events = Array.from({ length: log.count }, (_, number) => log.event(number))
  recording.close()
  return events
}

const FIXTURES = join(import.meta.dirname, '../fixtures/recordings')

export interface ServedTest extends Served {
  /** URL of the first connection. */
  readonly url: string
  readonly told: readonly ClientEvent[]
}

/** Serves the events, at their times only if a speed is given. */
export async function serve(
  events: readonly RealtimeEvent[],
  options: ServeOptions = {},
): Promise<ServedTest> {
  const told: ClientEvent[] = []
  const served = await serveSession(recordingOf(events), {
    speed: Number.POSITIVE_INFINITY,
    onClient: (event) => told.push(event),
    ...options,
  })
  running.push(served)
  return { ...served, told, url: served.endpoints[0]?.url ?? '' }
}

/** Serves a recording of the fixtures. */
export async function serveRecording(name: string, options: ServeOptions = {}): Promise<ServedTest> {
  return await serveFile(join(FIXTURES, name), options)
}

/** Serves a session file, at its times only if a speed is given. */
export async function serveFile(path: string, options: ServeOptions = {}): Promise<ServedTest> {
  const told: ClientEvent[] = []
  const recording = await openIndexed(path)
  const served = await serveSession(recording.log, {
    speed: Number.POSITIVE_INFINITY,
    onClient: (event) => told.push(event),
    ...options,
  })
  running.push({ ...served, close: () => served.close().finally(() => recording.close()) })
  return { ...served, told, url: served.endpoints[0]?.url ?? '' }
}

/** For `afterEach`: closes what was served. */
export async function stopServing(): Promise<void> {
  await Promise.all(running.splice(0).map((served) => served.close()))
}
