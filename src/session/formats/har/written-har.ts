/**
 * HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/) as this program writes it, with extensions of Chrome for
 * WebSockets and event streams, of HTTP Toolkit for the close of a WebSocket, and of this program for everything
 * else. Names that begin with an underscore are custom fields.
 */

import type { TransportName } from '../../../shared/transports.ts'

/** How an entry shows a transport: its resource type in Chrome, and the list that contains its messages. */
export const ENTRY_FIELDS = {
  websocket: { resourceType: 'websocket', list: '_webSocketMessages' },
  sse: { resourceType: 'eventsource', list: '_eventSourceMessages' },
  'http-stream': { resourceType: 'fetch', list: '_streamMessages' },
  'long-poll': { resourceType: 'fetch', list: undefined },
  poll: { resourceType: 'fetch', list: undefined },
} as const satisfies Readonly<Record<TransportName, object>>

/** Name of the field in the log and its entries that only this program reads. */
export const OWN = '_realtimeInspector'

/** MIME type that Chrome writes if it is unknown. */
export const UNKNOWN_TYPE = 'x-unknown'

/** Converts a session time in milliseconds to seconds since the epoch, exact to the microsecond. */
export function epochSeconds(startedAt: Date, time: number): number {
  return Math.round(startedAt.getTime() * 1000 + time * 1000) / 1_000_000
}

const FRACTION = 1_000_000
/** Up to this number of microseconds, numbers of seconds differ in their decimals from all others. */
const MOST_MICROSECONDS = 4e15

/** The same text as that of `epochSeconds` in JSON. */
export function secondsText(startedAt: Date, time: number): string {
  const micros = Math.round(startedAt.getTime() * 1000 + time * 1000)
  if (!(micros >= 0 && micros < MOST_MICROSECONDS)) return JSON.stringify(epochSeconds(startedAt, time))
  const seconds = Math.floor(micros / FRACTION)
  const fraction = micros - seconds * FRACTION
  return fraction === 0
    ? String(seconds)
    : seconds +
        String(fraction + FRACTION)
          .replace('1', '.')
          .replace(/0+$/, '')
}

/** Converts seconds since the epoch to a session time in milliseconds, exact to the microsecond. */
export function sessionTime(startedAt: Date, seconds: number): number {
  return Math.max(Math.round(seconds * 1_000_000) - startedAt.getTime() * 1000, 0) / 1000
}
