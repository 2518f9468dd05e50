/** Action Cable (https://docs.anycable.io/misc/action_cable_protocol). */
import { fieldsOf } from '../../shared/fields.ts'
import { controlJson, json, quoted } from '../messages.ts'
import { asWebSocket } from '../prepare.ts'
import type { SpokenProtocol } from '../spoken-protocol.ts'
import { Watch } from '../watch.ts'

/** The server pings every 3 s, and its client reconnects after two pings that did not come. In milliseconds. */
const PATIENCE = 6000

/** The identifier of a channel that was named, or given as its identifier. */
function identifierOf(channel: unknown): string {
  return JSON.stringify(typeof channel === 'object' ? channel : { channel })
}

export const actionCable: SpokenProtocol = {
  awaits: 'welcome',
  prepare: (spec) =>
    asWebSocket(spec, { path: '/cable', subprotocols: ['actioncable-v1-json', 'actioncable-unsupported'] }),
  speak(host, options) {
    let watch: Watch | undefined
    const awaited = new Set(options.list('channel').map(identifierOf))
    return {
      opened() {},
      received(message) {
        watch?.alive()
        const { type, identifier, reason, reconnect } = fieldsOf(controlJson(message))
        switch (type) {
          case 'welcome':
            watch = new Watch(
              host,
              PATIENCE,
              `The server sent no ping for ${PATIENCE} ms; check whether it still runs.`,
            )
            for (const each of awaited) host.send(json({ command: 'subscribe', identifier: each }))
            if (awaited.size === 0) host.ready()
            return
          case 'confirm_subscription':
            awaited.delete(String(identifier))
            if (awaited.size === 0) host.ready()
            return
          case 'reject_subscription':
            if (awaited.has(String(identifier)))
              host.refused(
                `The server rejected the subscription ${quoted(identifier)}; check the option channel.`,
              )
            return
          case 'disconnect': {
            const why = `The server disconnected us: ${quoted(reason ?? 'no reason')}`
            if (reconnect === false) host.refused(`${why}; check cookies, Origin and the channel.`)
            else host.lost(`${why}; connect again.`)
          }
        }
      },
      compose(form, values) {
        const identifier = identifierOf(values.json('channel'))
        if (form !== 'perform') return [json({ command: form, identifier })]
        const data = JSON.stringify({ ...fieldsOf(values.json('data')), action: values.text('action') })
        return [json({ command: 'message', identifier, data })]
      },
    }
  },
}
