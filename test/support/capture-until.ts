/** Captures what a server of a test says, until that is enough to be diagnosed. */
import type { RequestListener } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { capturedBy } from './diagnose.ts'
import type { LiveEngine } from './live-engine.ts'
import { serveHttp } from './loopback.ts'
import { PATIENCE } from './patience.ts'

/** Milliseconds between two looks at the capture. */
const LOOK = 20

/** Polls `handler` until `isEnough`, and returns what was captured. */
export async function polled(
  live: LiveEngine,
  handler: RequestListener,
  spec: Omit<ConnectionSpec, 'url'>,
  isEnough: (events: readonly RealtimeEvent[]) => boolean,
): Promise<RealtimeEvent[]> {
  return await captureUntil(live, { ...spec, url: await serveHttp(handler) }, isEnough)
}

/** Opens a connection, sends texts, and returns what was captured of it when that `isEnough`. */
export async function captureUntil(
  live: LiveEngine,
  spec: ConnectionSpec,
  isEnough: (events: readonly RealtimeEvent[]) => boolean,
  texts: readonly string[] = [],
): Promise<RealtimeEvent[]> {
  const id = texts.length > 0 ? await live.connect(spec) : (await live.engine.handlers.connect({ spec })).id
  await sendTexts(live, id, texts)
  await capturedWhen(live, id, isEnough)
  await live.engine.handlers.disconnect({ id })
  return await eventsOf(live, id)
}

export async function sendTexts(live: LiveEngine, id: number, texts: readonly string[]): Promise<void> {
  for (const text of texts) await live.engine.handlers.send({ id, message: { format: 'text', text } })
}

/** Resolves when what was captured of the connection `isEnough`. */
export async function capturedWhen(
  live: LiveEngine,
  id: number,
  isEnough: (events: readonly RealtimeEvent[]) => boolean,
): Promise<void> {
  const end = performance.now() + PATIENCE
  while (!isEnough(await eventsOf(live, id))) {
    if (performance.now() > end) throw new Error('What the test waits for did not come.')
    await delay(LOOK)
  }
}

/** What was captured of a connection so far. */
export async function eventsOf(live: LiveEngine, id: number): Promise<RealtimeEvent[]> {
  return (await capturedBy(live)).filter((event) => event.type !== 'mark' && event.connection === id)
}

/** Whether there are so many inbound messages. */
export function received(least: number): (events: readonly RealtimeEvent[]) => boolean {
  return (events) =>
    events.filter((event) => event.type === 'message' && event.direction === 'in').length >= least
}

/** Whether there are so many responses. */
export function responses(least: number): (events: readonly RealtimeEvent[]) => boolean {
  return (events) => events.filter(({ type }) => type === 'response').length >= least
}
