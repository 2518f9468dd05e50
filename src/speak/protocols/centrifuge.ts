/** Centrifugo in JSON (https://centrifugal.dev/docs/transports/client_protocol). */

import { fieldsOf } from '../../shared/fields.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { tryParseJson } from '../../shared/text/json-text.ts'
import { controlText, json, positive, quoted } from '../messages.ts'
import { asWebSocket } from '../prepare.ts'
import type { SpokenProtocol } from '../spoken-protocol.ts'
import { Watch } from '../watch.ts'

/** Milliseconds by which a ping of the server may be late. */
const PING_DELAY = 10_000

export const centrifuge: SpokenProtocol = {
  awaits: 'the answer to connect',
  prepare: (spec) => asWebSocket(spec, { path: '/connection/websocket' }),
  speak(host, options) {
    let commands = 0
    let answersPings = false
    let watch: Watch | undefined
    const command = (name: string, value: object): OutboundMessage => json({ id: ++commands, [name]: value })
    const reply = (value: unknown) => {
      const { id, connect, error, disconnect } = fieldsOf(value)
      if (disconnect !== undefined)
        host.lost(`The server disconnected us: ${quoted(fieldsOf(disconnect).reason)}.`)
      else if (Object.keys(fieldsOf(value)).length === 0) {
        if (answersPings) host.send(json({}))
      } else if (id === 1 && error !== undefined)
        host.refused(
          `The server refused connect: ${quoted(fieldsOf(error).message)}; check the option token.`,
        )
      else if (id === 1 && connect !== undefined) {
        const { ping, pong } = fieldsOf(connect)
        answersPings = pong === true
        const interval = positive(ping)
        if (interval !== undefined)
          watch = new Watch(
            host,
            interval * 1000 + PING_DELAY,
            'The server sent no ping; check whether it still runs.',
          )
        for (const channel of options.texts('channel')) host.send(command('subscribe', { channel }))
        host.ready()
      }
    }
    return {
      opened() {
        const token = options.text('token')
        host.send(command('connect', token === undefined ? {} : { token }))
      },
      received(message) {
        watch?.alive()
        // A message may have several replies.
        for (const line of controlText(message).split('\n')) if (line !== '') reply(tryParseJson(line))
      },
      compose(form, values) {
        const channel = values.text('channel')
        const data = values.json('data') ?? null
        if (form === 'rpc') return [command('rpc', { method: values.text('method'), data })]
        return [command(form, form === 'publish' ? { channel, data } : { channel })]
      },
    }
  },
}
