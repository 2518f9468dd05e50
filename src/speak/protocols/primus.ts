/** Primus with its usual parser, JSON (https://github.com/primus/primus). */
import { controlJson, json } from '../messages.ts'
import { asWebSocket } from '../prepare.ts'
import type { SpokenProtocol } from '../spoken-protocol.ts'

const PING = 'primus::ping::'

export const primus: SpokenProtocol = {
  prepare: (spec) => asWebSocket(spec, { path: '/primus' }),
  speak: (host) => ({
    opened() {},
    received(message) {
      const packet = controlJson(message)
      if (typeof packet !== 'string') return
      if (packet.startsWith(PING)) host.send(json(`primus::pong::${packet.slice(PING.length)}`))
      else if (packet === 'primus::server::close')
        host.lost('The server closes the connection; connect again.')
    },
    compose: (_form, values) => [json(values.json('data'))],
  }),
}
