/** MQTT 3.1, 3.1.1 and 5.0 over WebSocket, with the library of the MQTT.js project. */
import { randomBytes } from 'node:crypto'
import type { IConnectPacket, Packet, Parser } from 'mqtt-packet'
import type { MessageEvent } from '../../shared/event.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import type { FieldReader } from '../field-reader.ts'
import { binary, positive } from '../messages.ts'
import { asWebSocket } from '../prepare.ts'
import type { Speaker, SpeakerHost, SpokenProtocol } from '../spoken-protocol.ts'
import { every, Watch } from '../watch.ts'

type Library = Pick<typeof import('mqtt-packet'), 'generate' | 'parser'>
type Version = NonNullable<IConnectPacket['protocolVersion']>

/** Bytes of an incomplete packet. */
const MAX_PACKET = 64 * 1024 * 1024
const MAX_ID = 0xffff

/** Return codes of CONNACK (MQTT 3.1.1, section 3.2.2.3). Version 5.0 has more than these, from 128. */
const REFUSALS: Readonly<Record<number, string>> = {
  1: 'unacceptable protocol version',
  2: 'client ID rejected',
  3: 'server unavailable',
  4: 'bad user name or password',
  5: 'not authorized',
  132: 'unsupported protocol version',
  133: 'client ID not valid',
  134: 'bad user name or password',
  135: 'not authorized',
  136: 'server unavailable',
  138: 'banned',
  140: 'bad authentication method',
}

let library: Library | undefined

class MqttSpeaker implements Speaker {
  readonly #host: SpeakerHost
  readonly #options: FieldReader
  readonly #library: Library
  readonly #version: Version
  readonly #parser: Parser
  #watch: Watch | undefined
  #lastId = 0

  constructor(host: SpeakerHost, options: FieldReader) {
    if (library === undefined) throw new Error('the MQTT library is not loaded')
    this.#host = host
    this.#options = options
    this.#library = library
    const version = options.number('version')
    this.#version = version === 3 || version === 5 ? version : 4
    this.#parser = library
      .parser({ protocolVersion: this.#version })
      .on('packet', (packet) => this.#packet(packet))
      .on('error', (error: Error) => {
        throw error
      })
  }

  opened(): void {
    const options = this.#options
    const username = options.text('username')
    const password = options.text('password')
    this.#send({
      cmd: 'connect',
      protocolId: this.#version === 3 ? 'MQIsdp' : 'MQTT',
      protocolVersion: this.#version,
      clean: options.toggle('clean'),
      clientId: options.text('clientId') ?? `inspector-${randomBytes(4).toString('hex')}`,
      keepalive: this.#keepalive,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password: Buffer.from(password) }),
    })
  }

  received({ payload }: MessageEvent): void {
    this.#watch?.alive()
    // The parser keeps what it is given.
    const left = this.#parser.parse(Buffer.from(payload))
    if (left > MAX_PACKET) throw new Error('a packet of MQTT has more than 64 MiB')
  }

  closing(): void {
    this.#send({ cmd: 'disconnect' })
  }

  compose(form: string, values: FieldReader): readonly OutboundMessage[] {
    const topic = values.text('topic') ?? ''
    const qos = qosOf(values.number('qos'))
    switch (form) {
      case 'subscribe':
        return [
          this.#encode({ cmd: 'subscribe', messageId: this.#nextId(), subscriptions: [{ topic, qos }] }),
        ]
      case 'unsubscribe':
        return [this.#encode({ cmd: 'unsubscribe', messageId: this.#nextId(), unsubscriptions: [topic] })]
      default:
        return [
          this.#encode({
            ...{ cmd: 'publish', topic, qos, dup: false, retain: values.toggle('retain') },
            payload: values.text('payload') ?? '',
            ...(qos > 0 && { messageId: this.#nextId() }),
          }),
        ]
    }
  }

  get #keepalive(): number {
    return this.#options.number('keepalive') ?? 0
  }

  #packet(packet: Packet): void {
    switch (packet.cmd) {
      case 'connack':
        this.#connected(packet.returnCode ?? packet.reasonCode ?? 0, packet.properties?.serverKeepAlive)
        return
      case 'publish':
        if (packet.qos === 1) this.#send({ cmd: 'puback', messageId: packet.messageId ?? 0 })
        else if (packet.qos === 2) this.#send({ cmd: 'pubrec', messageId: packet.messageId ?? 0 })
        return
      case 'pubrec':
        // A reason code from 128 ends the exchange (MQTT 5.0, section 4.3.3).
        if ((packet.reasonCode ?? 0) < 128) this.#send({ cmd: 'pubrel', messageId: packet.messageId ?? 0 })
        return
      case 'pubrel':
        this.#send({ cmd: 'pubcomp', messageId: packet.messageId ?? 0 })
        return
      case 'disconnect':
        this.#host.lost(
          `The broker sent DISCONNECT with the reason code ${packet.reasonCode ?? 0}; connect again.`,
        )
    }
  }

  #connected(code: number, serverKeepAlive: number | undefined): void {
    if (code !== 0) {
      const reason = REFUSALS[code] ?? `code ${code}`
      this.#host.refused(
        `The broker refused CONNECT: ${reason}; check the options username, password and version.`,
      )
      return
    }
    const interval = positive((serverKeepAlive ?? this.#keepalive) * 1000)
    if (interval !== undefined) {
      every(this.#host, interval, () => this.#send({ cmd: 'pingreq' }))
      this.#watch = new Watch(
        this.#host,
        2 * interval,
        `The broker did not answer a ping for ${interval} ms; check whether it still runs.`,
      )
    }
    this.#host.ready()
  }

  #nextId(): number {
    this.#lastId = (this.#lastId % MAX_ID) + 1
    return this.#lastId
  }

  #encode(packet: Packet): OutboundMessage {
    return binary(this.#library.generate(packet, { protocolVersion: this.#version }))
  }

  #send(packet: Packet): void {
    this.#host.send(this.#encode(packet))
  }
}

function qosOf(value: number | undefined): 0 | 1 | 2 {
  return value === 1 || value === 2 ? value : 0
}

export const mqtt: SpokenProtocol = {
  awaits: 'CONNACK',
  async load() {
    library ??= (await import('mqtt-packet')).default
  },
  prepare: (spec, options) =>
    asWebSocket(spec, { subprotocols: [options.number('version') === 3 ? 'mqttv3.1' : 'mqtt'] }),
  speak: (host, options) => new MqttSpeaker(host, options),
}
