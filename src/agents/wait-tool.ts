/** `realtime_wait` */
import * as v from 'valibot'
import { whole } from '../request/spec-fields.ts'
import { MAX_WAIT, type WaitEnd } from '../shared/protocol/excerpts.ts'
import { MAX_TEXT } from './events-tool.ts'
import { connectionField, filterField, inputOf, MAX_CHARACTERS } from './inputs.ts'
import { describeConnection, requireConnection } from './live-connections.ts'
import { defineTool } from './tool.ts'
import { awaitEvent } from './waiting.ts'

const DEFAULT_WAIT = 20_000

const SAYS: Readonly<Record<Exclude<WaitEnd, 'found' | 'cancelled'>, string>> = {
  timeout: 'No event matched in time. Read the events with realtime_events to see what came instead.',
  ended: 'The connection has ended, and no event matched.',
}

export const waitTool = defineTool({
  name: 'realtime_wait',
  title: 'Wait for a realtime event',
  description: `Waits until an event of the live session matches a filter, and returns it as realtime_events does. By default it looks at events from now on; give "from" to include earlier ones, such as "next" of realtime_connect or realtime_send. "end" is found, timeout, or ended (the connection ended without a match). Waits at most ${MAX_WAIT / 1000} seconds; prefer short waits.`,
  effect: 'none',
  input: inputOf({
    filter: filterField('What to wait for, such as dir:in $.type == "pong".'),
    connection: connectionField('Only events of this connection; the wait then ends with it.'),
    from: v.optional(
      v.pipe(
        whole(1, Number.MAX_SAFE_INTEGER),
        v.description('Number of the first event to look at. Default: the next one.'),
      ),
    ),
    timeout: v.optional(
      v.pipe(whole(1, MAX_WAIT, 'milliseconds'), v.description(`Milliseconds. Default ${DEFAULT_WAIT}.`)),
      DEFAULT_WAIT,
    ),
    maxText: MAX_TEXT,
    maxCharacters: MAX_CHARACTERS,
  }),
  async run({ filter, connection, from, timeout, maxText, maxCharacters }, host, signal) {
    const { live, mask } = host
    if (connection !== undefined) await requireConnection(live, connection)
    const start = from ?? (await live.call('status', null)).events + 1
    const waiting = { filter, connection: connection ?? null, from: start, timeout }
    const { end, found, next } = await awaitEvent(live, waiting, signal)
    if (found !== null) {
      const plan = {
        filter: `number:${found}`,
        connection: null,
        max: 1,
        maxText,
        maxTotal: maxCharacters,
        mask,
      }
      const { events } = await live.call('excerpts', { ...plan, at: { from: found } }, 0)
      return { end, event: events[0] ?? null, next }
    }
    const status =
      connection === undefined ? undefined : await requireConnection(live, connection).catch(() => undefined)
    return {
      ...{ end, message: SAYS[end as keyof typeof SAYS], next },
      ...(status !== undefined && { connection: describeConnection(status, host.isAgents(status.id)) }),
    }
  },
})
