/** Protocols of calls without much of a handshake: JSON-RPC, tRPC, Meteor's DDP, OCPP. */
import { fieldsOf } from '../../shared/fields.ts'
import { controlJson, controlText, json, positive, quoted, text } from '../messages.ts'
import { asWebSocket } from '../prepare.ts'
import type { SpokenProtocol } from '../spoken-protocol.ts'
import { every, Watch } from '../watch.ts'

/** https://www.jsonrpc.org/specification */
export const jsonRpc: SpokenProtocol = {
  speak() {
    let requests = 0
    return {
      opened() {},
      received() {},
      compose(_form, values) {
        const params = values.json('params')
        const id = values.toggle('notification') ? undefined : ++requests
        return [
          json({
            jsonrpc: '2.0',
            ...(id !== undefined && { id }),
            method: values.text('method'),
            ...(params !== undefined && { params }),
          }),
        ]
      },
    }
  },
}

/** https://trpc.io/docs/rpc */
export const trpc: SpokenProtocol = {
  prepare(spec, options) {
    const asked = options.json('connectionParams') !== undefined
    return asWebSocket(spec, asked ? { query: { connectionParams: '1' } } : {})
  },
  speak(host, options) {
    let calls = 0
    return {
      opened() {
        const data = options.json('connectionParams')
        if (data !== undefined) host.send(json({ method: 'connectionParams', data }))
      },
      received(message) {
        if (message.payload.length === 4 && controlText(message) === 'PING') host.send(text('PONG'))
      },
      compose(form, values) {
        if (form === 'stop') return [json({ id: values.number('id'), method: 'subscription.stop' })]
        const params = { path: values.text('path'), input: values.json('input') }
        return [json({ id: ++calls, method: values.text('kind'), params })]
      },
    }
  },
}

/** Milliseconds between two pings that we send, and that the server has for its answer; the same as in Meteor. */
const DDP_INTERVAL = 17_500
const DDP_TIMEOUT = 15_000

/** https://github.com/meteor/meteor/blob/devel/packages/ddp/DDP.md */
export const ddp: SpokenProtocol = {
  awaits: 'connected',
  prepare: (spec) => asWebSocket(spec, { path: '/websocket' }),
  speak(host) {
    let ids = 0
    let watch: Watch | undefined
    return {
      opened: () => host.send(json({ msg: 'connect', version: '1', support: ['1', 'pre2', 'pre1'] })),
      received(message) {
        watch?.alive()
        const { msg, id, version } = fieldsOf(controlJson(message))
        if (msg === 'ping') host.send(json({ msg: 'pong', ...(id !== undefined && { id }) }))
        else if (msg === 'failed')
          host.refused(`The server speaks only version ${quoted(version)} of DDP; use another.`)
        else if (msg === 'connected') {
          every(host, DDP_INTERVAL, () => host.send(json({ msg: 'ping' })))
          watch = new Watch(
            host,
            DDP_INTERVAL + DDP_TIMEOUT,
            'The server did not answer a ping; check whether it still runs.',
          )
          host.ready()
        }
      },
      compose(form, values) {
        const params = values.list('params')
        if (form === 'unsubscribe') return [json({ msg: 'unsub', id: values.text('id') })]
        const id = String(++ids)
        return form === 'method'
          ? [json({ msg: 'method', method: values.text('method'), params, id })]
          : [json({ msg: 'sub', id, name: values.text('name'), params })]
      },
    }
  },
}

const OCPP_CALL = 2
const OCPP_RESULT = 3
const OCPP_ERROR = 4

/** OCPP 1.6 in JSON (https://openchargealliance.org/). */
export const ocpp: SpokenProtocol = {
  awaits: 'the answer to BootNotification',
  prepare: (spec) => asWebSocket(spec, { subprotocols: ['ocpp1.6'] }),
  speak(host, options) {
    let ids = 0
    const call = (action: string, payload: unknown) => json([OCPP_CALL, String(++ids), action, payload])
    return {
      opened: () =>
        host.send(
          call('BootNotification', {
            chargePointVendor: options.text('vendor'),
            chargePointModel: options.text('model'),
          }),
        ),
      received(message) {
        const packet = controlJson(message)
        if (!Array.isArray(packet) || packet[1] !== '1') return
        const { status, interval } = fieldsOf(packet[2])
        if (packet[0] === OCPP_ERROR || (packet[0] === OCPP_RESULT && status === 'Rejected'))
          host.refused(
            `The central system rejected the charge point: ${quoted(packet.slice(2))}; check its identity in the URL.`,
          )
        else if (packet[0] === OCPP_RESULT) {
          const seconds = positive(interval)
          if (seconds !== undefined) every(host, seconds * 1000, () => host.send(call('Heartbeat', {})))
          host.ready()
        }
      },
      compose: (_form, values) => [call(values.text('action') ?? '', values.json('payload') ?? {})],
    }
  },
}
