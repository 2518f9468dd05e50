/** nes, version 2 (https://github.com/hapijs/nes/blob/master/PROTOCOL.md). */

import { fieldsOf } from '../../shared/fields.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { controlJson, json, positive, quoted } from '../messages.ts'
import { asWebSocket } from '../prepare.ts'
import type { SpokenProtocol } from '../spoken-protocol.ts'
import { Watch } from '../watch.ts'

export const nes: SpokenProtocol = {
  awaits: 'the answer to hello',
  prepare: (spec) => asWebSocket(spec),
  speak(host, options) {
    let ids = 0
    let watch: Watch | undefined
    const message = (type: string, fields: object = {}): OutboundMessage =>
      json({ type, id: ++ids, ...fields })
    const greeted = ({ statusCode, payload, heartbeat }: Readonly<Record<string, unknown>>) => {
      if (positive(statusCode) !== undefined) {
        const reason = fieldsOf(payload).message ?? statusCode
        host.refused(`The server refused hello: ${quoted(reason)}; check the options auth and subscription.`)
        return
      }
      const { interval, timeout } = fieldsOf(heartbeat)
      const patience = (positive(interval) ?? 0) + (positive(timeout) ?? 0)
      if (patience > 0)
        watch = new Watch(
          host,
          patience,
          `The server sent no ping for ${patience} ms; check whether it still runs.`,
        )
      host.ready()
    }
    return {
      opened() {
        const auth = options.json('auth')
        const subs = options.texts('subscription')
        host.send(
          message('hello', {
            version: '2',
            ...(auth !== undefined && { auth }),
            ...(subs.length > 0 && { subs }),
          }),
        )
      },
      received(event) {
        watch?.alive()
        const packet = fieldsOf(controlJson(event))
        if (packet.type === 'ping') host.send(message('ping'))
        else if (packet.type === 'hello') greeted(packet)
      },
      compose(form, values) {
        const path = values.text('path')
        switch (form) {
          case 'request': {
            const payload = values.json('payload')
            const method = values.text('method')
            return [message('request', { method, path, ...(payload !== undefined && { payload }) })]
          }
          case 'message':
            return [message('message', { message: values.json('message') })]
          default:
            return [message(form === 'subscribe' ? 'sub' : 'unsub', { path })]
        }
      },
    }
  },
}
