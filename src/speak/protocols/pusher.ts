/** Pusher Channels, protocol 7 (https://pusher.com/docs/channels/library_auth_reference/pusher-websockets-protocol/). */

import { fieldsOf } from '../../shared/fields.ts'
import { tryParseJson } from '../../shared/text/json-text.ts'
import { controlJson, json, positive, quoted } from '../messages.ts'
import { asWebSocket } from '../prepare.ts'
import type { SpokenProtocol } from '../spoken-protocol.ts'
import { every, Watch } from '../watch.ts'

/** Seconds, if the server names none. */
const ACTIVITY_TIMEOUT = 120
/** Milliseconds that the server has for its pong. */
const PONG_TIMEOUT = 30_000

export const pusher: SpokenProtocol = {
  awaits: 'pusher:connection_established',
  prepare: (spec) => asWebSocket(spec, { query: { protocol: '7', client: 'js', version: '8.4.0' } }),
  speak(host, options) {
    let watch: Watch | undefined
    const established = (data: unknown) => {
      const { activity_timeout } = fieldsOf(typeof data === 'string' ? tryParseJson(data) : data)
      const interval = (positive(activity_timeout) ?? ACTIVITY_TIMEOUT) * 1000
      every(host, interval, () => host.send(json({ event: 'pusher:ping', data: {} })))
      watch = new Watch(
        host,
        interval + PONG_TIMEOUT,
        'The server did not answer pusher:ping; check whether it still runs.',
      )
      for (const channel of options.list('channel'))
        host.send(
          json({ event: 'pusher:subscribe', data: typeof channel === 'object' ? channel : { channel } }),
        )
      host.ready()
    }
    return {
      opened() {},
      received(message) {
        watch?.alive()
        const { event, data } = fieldsOf(controlJson(message))
        if (event === 'pusher:ping') host.send(json({ event: 'pusher:pong', data: {} }))
        else if (event === 'pusher:connection_established') established(data)
        else if (event === 'pusher:error') {
          const { code, message: reason } = fieldsOf(data)
          // 4000 to 4099: connecting again would not help.
          if (typeof code === 'number' && code >= 4000 && code < 4100)
            host.refused(
              `The server refused the connection: ${quoted(reason ?? code)}; check the key in the URL.`,
            )
        }
      },
      compose(form, values) {
        const channel = values.text('channel')
        if (form === 'event')
          return [json({ event: values.text('event'), channel, data: values.json('data') })]
        return [json({ event: `pusher:${form}`, data: { channel } })]
      },
    }
  },
}
