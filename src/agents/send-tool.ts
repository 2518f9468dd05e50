/** `realtime_send` */
import * as v from 'valibot'
import { type ComposedMessage, composeMessage } from '../shared/compose/compose.ts'
import { CONNECTION, inputOf, short } from './inputs.ts'
import { requireConnection } from './live-connections.ts'
import { defineTool } from './tool.ts'

/** Characters of a message that an agent sends. */
const MAX_MESSAGE = 1_000_000

export const sendTool = defineTool({
  name: 'realtime_send',
  title: 'Send a realtime message',
  description:
    'Sends one message over an open connection: "text" as it is, or the bytes in "base64" as a binary message. The user is asked first. Returns "next", the number of the first event after it: give it to realtime_wait as "from" to wait for the answer, so that none is missed.',
  effect: 'sends',
  input: inputOf({
    connection: v.pipe(CONNECTION, v.description('Number of the connection.')),
    text: v.pipe(short(MAX_MESSAGE), v.description('The message.')),
    format: v.optional(
      v.pipe(
        v.picklist(['text', 'base64'], 'must be text or base64'),
        v.description('base64: "text" holds the bytes of a binary message in base64. Default text.'),
      ),
      'text',
    ),
  }),
  async question({ connection, text, format }, host) {
    const { url } = await requireConnection(host.live, connection)
    const { payload } = composeMessage({ format, text })
    return { about: 'send', url, connection, text, bytes: payload.length }
  },
  async run({ connection, text, format }, host) {
    await requireConnection(host.live, connection)
    const { events } = await host.live.call('status', null)
    const message: ComposedMessage = { format, text }
    await host.live.call('send', { id: connection, message })
    return { sent: true, connection, next: events + 1 }
  },
})
