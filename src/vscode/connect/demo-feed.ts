/** The connections to the demo's feed: the same events by each technique. */
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { TransportName } from '../../shared/transports.ts'

/** The response field with the number of the latest event, which the next poll names as `after`. */
export const NEXT_FIELD = 'x-next'
const CURSOR = `header:${NEXT_FIELD}:after`

export type FeedConnection = ConnectionSpec & { readonly transport: TransportName }

export function feedConnections(host: string): readonly FeedConnection[] {
  return [
    { url: `ws://${host}/feed/ws`, transport: 'websocket' },
    { url: `http://${host}/feed/sse`, transport: 'sse' },
    { url: `http://${host}/feed/stream`, transport: 'http-stream' },
    { url: `http://${host}/feed/long-poll`, transport: 'long-poll', cursor: CURSOR },
    { url: `http://${host}/feed/poll`, transport: 'poll', cursor: CURSOR, interval: 1000 },
  ]
}

/** Where the rate of the feed is read and set. */
export function feedRateUrl(host: string, every: number | null): string {
  return `http://${host}/feed/rate${every === null ? '' : `?every=${every}`}`
}
