/** Protocols of services: Home Assistant, Discord, Slack. */
import { fieldsOf } from '../../shared/fields.ts'
import { controlJson, json, positive, quoted } from '../messages.ts'
import { asWebSocket } from '../prepare.ts'
import type { SpokenProtocol } from '../spoken-protocol.ts'
import { every } from '../watch.ts'

/** https://developers.home-assistant.io/docs/api/websocket */
export const homeAssistant: SpokenProtocol = {
  awaits: 'auth_ok',
  prepare: (spec) => asWebSocket(spec, { path: '/api/websocket' }),
  speak(host, options) {
    let ids = 0
    return {
      opened() {},
      received(message) {
        const { type, message: reason } = fieldsOf(controlJson(message))
        if (type === 'auth_required') host.send(json({ type: 'auth', access_token: options.text('token') }))
        else if (type === 'auth_ok') host.ready()
        else if (type === 'auth_invalid')
          host.refused(
            `The server refused the token: ${quoted(reason ?? 'no reason')}; check the option token.`,
          )
      },
      compose: (_form, values) => [
        json({ id: ++ids, type: values.text('type'), ...fieldsOf(values.json('fields')) }),
      ],
    }
  },
}

const DISPATCH = 0
const HEARTBEAT = 1
const IDENTIFY = 2
const RECONNECT = 7
const INVALID_SESSION = 9
const HELLO = 10
const HEARTBEAT_ACK = 11
/** Milliseconds, if the gateway names none. */
const DISCORD_INTERVAL = 41_250

/** https://discord.com/developers/docs/events/gateway */
export const discord: SpokenProtocol = {
  awaits: 'READY',
  prepare: (spec) => asWebSocket(spec, { query: { v: '10', encoding: 'json' } }),
  speak(host, options) {
    let sequence: unknown = null
    let isPending = false
    const beat = () => {
      isPending = true
      host.send(json({ op: HEARTBEAT, d: sequence }))
    }
    const greeted = (interval: number) => {
      every(host, interval, () => {
        if (isPending && !host.isPaused())
          host.lost('The gateway did not acknowledge a heartbeat; connect again.')
        else beat()
      })
      const properties = { os: process.platform, browser: 'realtime-inspector', device: 'realtime-inspector' }
      const intents = options.number('intents')
      host.send(json({ op: IDENTIFY, d: { token: options.text('token'), intents, properties } }))
    }
    return {
      opened() {},
      received(message) {
        const { op, d, s, t } = fieldsOf(controlJson(message))
        if (s !== undefined && s !== null) sequence = s
        if (op === HELLO) greeted(positive(fieldsOf(d).heartbeat_interval) ?? DISCORD_INTERVAL)
        else if (op === HEARTBEAT) beat()
        else if (op === HEARTBEAT_ACK) isPending = false
        else if (op === DISPATCH && t === 'READY') host.ready()
        else if (op === RECONNECT) host.lost('The gateway asks for a new connection.')
        else if (op === INVALID_SESSION)
          host.refused('The gateway refused the session; check the options token and intents.')
      },
      compose: (_form, values) => [json({ op: values.number('op'), d: values.json('data') ?? null })],
    }
  },
}

/** https://docs.slack.dev/apis/events-api/using-socket-mode */
export const slack: SpokenProtocol = {
  awaits: 'hello',
  prepare: (spec) => asWebSocket(spec),
  speak: (host) => ({
    opened() {},
    received(message) {
      const { type, reason, envelope_id } = fieldsOf(controlJson(message))
      if (type === 'hello') host.ready()
      else if (type === 'disconnect')
        host.lost(`Slack closes the connection: ${quoted(reason ?? 'no reason')}.`)
      // An envelope that is not acknowledged is sent again.
      else if (envelope_id !== undefined) host.send(json({ envelope_id }))
    },
  }),
}
