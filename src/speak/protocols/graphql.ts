/**
 * GraphQL over WebSocket: `graphql-transport-ws` (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md), and
 * the older `graphql-ws` of subscriptions-transport-ws, where only the server sends heartbeats.
 */

import { fieldsOf } from '../../shared/fields.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import type { FieldReader } from '../field-reader.ts'
import { controlJson, json, quoted } from '../messages.ts'
import { asWebSocket } from '../prepare.ts'
import type { Speaker, SpeakerHost, SpokenProtocol } from '../spoken-protocol.ts'
import { every, Watch } from '../watch.ts'

interface Words {
  readonly subprotocol: string
  readonly subscribe: string
  readonly complete: string
}

/** Takes the answer to `connection_init`. Returns the type and the payload of any message. */
function readMessage(host: SpeakerHost, message: unknown): { type?: unknown; payload?: unknown } {
  const { type, payload } = fieldsOf(message)
  if (type === 'connection_ack') host.ready()
  else if (type === 'connection_error')
    host.refused(`The server refused connection_init: ${quoted(payload)}; check the option connectionParams.`)
  return { type, payload }
}

function init(options: FieldReader): OutboundMessage {
  const payload = options.json('connectionParams')
  return json({ type: 'connection_init', ...(payload !== undefined && { payload }) })
}

/** Makes the messages of the forms. Operations are numbered from 1. */
function composer({ subscribe, complete }: Words): NonNullable<Speaker['compose']> {
  let operations = 0
  return (form, values) => {
    if (form === 'complete') return [json({ id: values.text('id'), type: complete })]
    const variables = values.json('variables')
    const operationName = values.text('operationName')
    const payload = {
      query: values.text('query'),
      ...(variables !== undefined && { variables }),
      ...(operationName !== undefined && { operationName }),
    }
    operations++
    return [json({ id: String(operations), type: subscribe, payload })]
  }
}

const TRANSPORT_WS: Words = {
  subprotocol: 'graphql-transport-ws',
  subscribe: 'subscribe',
  complete: 'complete',
}

export const graphqlTransportWs: SpokenProtocol = {
  awaits: 'connection_ack',
  prepare: (spec) => asWebSocket(spec, { subprotocols: [TRANSPORT_WS.subprotocol] }),
  speak(host, options) {
    const keepAlive = options.number('keepAlive') ?? 0
    let watch: Watch | undefined
    return {
      opened() {
        host.send(init(options))
        if (keepAlive === 0) return
        every(host, keepAlive, () => host.send(json({ type: 'ping' })))
        watch = new Watch(host, 2 * keepAlive, `The server did not answer a ping within ${keepAlive} ms.`)
      },
      received(message) {
        watch?.alive()
        const { type, payload } = readMessage(host, controlJson(message))
        if (type === 'ping') host.send(json({ type: 'pong', ...(payload !== undefined && { payload }) }))
      },
      compose: composer(TRANSPORT_WS),
    }
  },
}

const LEGACY: Words = { subprotocol: 'graphql-ws', subscribe: 'start', complete: 'stop' }

export const graphqlWs: SpokenProtocol = {
  awaits: 'connection_ack',
  prepare: (spec) => asWebSocket(spec, { subprotocols: [LEGACY.subprotocol] }),
  speak: (host, options) => ({
    opened: () => host.send(init(options)),
    received: (message) => void readMessage(host, controlJson(message)),
    closing: () => host.send(json({ type: 'connection_terminate' })),
    compose: composer(LEGACY),
  }),
}
