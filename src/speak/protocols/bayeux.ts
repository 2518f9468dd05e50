/** Bayeux over WebSocket (https://docs.cometd.org/current8/reference/#_bayeux). */

import { fieldsOf } from '../../shared/fields.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { controlJson, json, positive, quoted } from '../messages.ts'
import { asWebSocket } from '../prepare.ts'
import type { SpokenProtocol } from '../spoken-protocol.ts'

/** Milliseconds, in case the server answers at once. */
const LEAST_INTERVAL = 100

export const bayeux: SpokenProtocol = {
  awaits: 'the answer to /meta/handshake',
  prepare: (spec) => asWebSocket(spec),
  speak(host, options) {
    let messages = 0
    let clientId: unknown
    const message = (channel: string, fields: object): OutboundMessage =>
      json([{ channel, id: String(++messages), ...(clientId !== undefined && { clientId }), ...fields }])
    const connect = () => host.send(message('/meta/connect', { connectionType: 'websocket' }))
    const answer = ({ channel, successful, advice, error, ...fields }: Readonly<Record<string, unknown>>) => {
      const { interval, reconnect } = fieldsOf(advice)
      if (channel === '/meta/handshake') {
        if (successful !== true) {
          host.refused(
            `The server refused the handshake: ${quoted(error ?? 'no reason')}; check its extensions and the URL.`,
          )
          return
        }
        clientId = fields.clientId
        for (const subscription of options.texts('channel'))
          host.send(message('/meta/subscribe', { subscription }))
        host.ready()
        connect()
      } else if (channel === '/meta/connect') {
        if (successful === true) host.after(Math.max(positive(interval) ?? 0, LEAST_INTERVAL), connect)
        else if (reconnect === 'none')
          host.refused(`The server ended the session: ${quoted(error ?? 'no reason')}; connect again.`)
        else
          host.lost(
            `The server does not know the session: ${quoted(error ?? 'no reason')}; a new handshake follows.`,
          )
      }
    }
    return {
      opened: () =>
        host.send(message('/meta/handshake', { version: '1.0', supportedConnectionTypes: ['websocket'] })),
      received(event) {
        const packets = controlJson(event)
        for (const packet of [packets].flat()) answer(fieldsOf(packet))
      },
      closing: () => host.send(message('/meta/disconnect', {})),
      compose(form, values) {
        const channel = values.text('channel') ?? ''
        if (form === 'publish') return [message(channel, { data: values.json('data') ?? null })]
        return [message(`/meta/${form}`, { subscription: channel })]
      },
    }
  },
}
