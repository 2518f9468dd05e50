/** Socket.IO 2 to 4 inside Engine.IO (https://socket.io/docs/v4/socket-io-protocol/). */
import type { MessageEvent } from '../../shared/event.ts'
import { fieldsOf } from '../../shared/fields.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import type { FieldReader } from '../field-reader.ts'
import { quoted } from '../messages.ts'
import type { SpeakerHost, SpokenProtocol } from '../spoken-protocol.ts'
import { EngineIoSpeaker, type EngineIoUser, engineIoOverHttp, engineIoSpec } from './engine-io.ts'
import {
  DEFAULT_NAMESPACE,
  loadMessagePack,
  messagePackPackets,
  PACKET,
  type PacketFormat,
  textPackets,
} from './socket-io-packets.ts'

/** Connects to the namespaces, each with the auth payload. */
class SocketIoUser implements EngineIoUser {
  readonly #host: SpeakerHost
  readonly #auth: unknown
  readonly #format: PacketFormat
  /** Namespaces that the peer has not accepted yet. */
  readonly #awaited: Set<string>
  #nextId = 0

  constructor(host: SpeakerHost, options: FieldReader) {
    this.#host = host
    this.#auth = options.json('auth')
    this.#format = options.text('parser') === 'msgpack' ? messagePackPackets : textPackets
    this.#awaited = new Set(options.texts('namespace'))
  }

  opened(version: string): void {
    for (const namespace of this.#awaited) {
      // Version 3 connects to the default namespace by itself, and has no auth payload.
      if (version === '3' && namespace === DEFAULT_NAMESPACE) continue
      const data = version === '3' ? undefined : this.#auth
      this.#host.send(this.#format.write({ type: PACKET.connect, namespace, data }))
    }
  }

  message(content: string | MessageEvent): void {
    const packet = this.#format.read(content)
    if (packet === undefined) return
    const { type, namespace, data } = packet
    // The namespace may have a query.
    const [name = namespace] = namespace.split('?')
    if (type === PACKET.connect) {
      for (const each of this.#awaited) if (each.split('?')[0] === name) this.#awaited.delete(each)
      if (this.#awaited.size === 0) this.#host.ready()
    } else if (type === PACKET.connectError) {
      // In version 4 it is an object with a message, before that a text.
      const reason = quoted(fieldsOf(data).message ?? data)
      this.#host.refused(
        `The server refused the namespace ${name}: ${reason}; check the namespace and the option auth.`,
      )
    } else if (type === PACKET.disconnect) {
      this.#host.lost(`The server disconnected the namespace ${name}; reconnect to join it again.`)
    }
  }

  compose(form: string, values: FieldReader): readonly OutboundMessage[] {
    const namespace = values.text('namespace') ?? DEFAULT_NAMESPACE
    const args = values.list('args')
    if (form === 'acknowledge')
      return [this.#format.write({ type: PACKET.ack, namespace, data: args, id: values.number('id') })]
    const id = values.toggle('ack') ? this.#nextId++ : undefined
    const data = [values.text('event'), ...args]
    return [this.#format.write({ type: PACKET.event, namespace, data, id })]
  }
}

export const socketIo: SpokenProtocol = {
  awaits: 'CONNECT of each namespace',
  load: loadMessagePack,
  prepare: (spec) => engineIoSpec(spec, '/socket.io/'),
  overHttp: engineIoOverHttp,
  speak: (host, options) => new EngineIoSpeaker(host, new SocketIoUser(host, options)),
}
