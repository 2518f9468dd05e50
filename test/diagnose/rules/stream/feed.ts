/** Feeds whose events have the time at which they were made. */

import type { ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'

export const EVENT_STREAM = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' }

/** Milliseconds between two events at least. */
export const PACE = 20

/** Sends events one after the other, and ends the stream. */
export async function sendFeed(
  response: ServerResponse,
  { count = 60, written = () => {}, data = (index: number): object => ({ seq: index, ts: Date.now() }) } = {},
): Promise<void> {
  for (let index = 0; index < count && !response.destroyed; index++) {
    response.write(`id: ${index}\ndata: ${JSON.stringify({ ...data(index), padding: 'x'.repeat(300) })}\n\n`)
    written()
    await setTimeout(PACE)
  }
  response.end()
}
