/** The calls that send over a connection: a message, a form of its protocol, or several messages. */
import type { TemplateMessage } from '../shared/compose/compose.ts'
import type { Handlers } from '../shared/protocol/rpc.ts'
import type { EngineMethods } from '../shared/protocol.ts'
import type { OutboundMessage } from '../shared/spec.ts'
import type { Hub } from './hub.ts'
import { fileMessage } from './outbound.ts'
import type { Sendings } from './sendings.ts'

export interface SendHost {
  readonly hub: Hub
  readonly sendings: Sendings
  /** Bytes of the largest file that is sent. */
  readonly maxMessageSize: number
  /** Makes a function that composes a message of a connection each time it is sent. */
  prepare(id: number, message: TemplateMessage): () => OutboundMessage
}

type SendMethods = Pick<EngineMethods, 'send' | 'sendForm' | 'repeat' | 'sendInOrder' | 'stopSending'>

export function sendCalls({ hub, sendings, maxMessageSize, prepare }: SendHost): Handlers<SendMethods> {
  return {
    send: async ({ id, message }) => {
      const connection = hub.get(id)
      connection.send(
        'file' in message ? await fileMessage(message.file, maxMessageSize) : prepare(id, message)(),
      )
    },
    sendForm: ({ id, form, values }) => {
      const connection = hub.get(id)
      for (const message of hub.compose(id, form, values)) connection.send(message)
    },
    repeat: ({ id, message, plan }) => {
      const connection = hub.get(id)
      const compose = prepare(id, message)
      sendings.repeat(id, plan, () => connection.send(compose()))
    },
    sendInOrder: ({ id, messages, pace }) => {
      const connection = hub.get(id)
      const composers = messages.map((message) => prepare(id, message))
      const sends = composers.map((compose) => () => connection.send(compose()))
      sendings.inOrder(id, sends, pace)
    },
    stopSending: ({ id }) => sendings.stop(id),
  }
}
