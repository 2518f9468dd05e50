/** Says what a packet of MQTT means: its kind, its name, and what it answers. */
import type { Packet } from '../../decoder.ts'
import { asBuffer, contentOf, toJson } from '../../values.ts'
import type { MqttPacket } from './parse.ts'

/** Reason codes and return codes from here on say that something failed. */
const FIRST_FAILURE = 0x80

type Meaning = Omit<Packet, 'value'>

/** The reason code of AUTH that asks the other side to go on. */
const CONTINUE = 0x18
/** The reason code of AUTH that begins to authenticate again. */
const AUTHENTICATE_AGAIN = 0x19

/** `topic` is that of a PUBLISH packet. */
export function eventOf(packet: MqttPacket, topic: string | undefined): Packet {
  return { ...meaningOf(packet, topic), lazyValue: () => fieldsOf(packet) }
}

function meaningOf(packet: MqttPacket, topic: string | undefined): Meaning {
  const { cmd, messageId, qos } = packet
  const id = messageId === undefined ? {} : { id: String(messageId) }
  const failed = hasFailed(packet)
  const acknowledged = failed ? 'error' : 'ack'
  switch (cmd) {
    case 'connect':
      return { kind: 'handshake', name: 'CONNECT', asks: 'connect' }
    case 'connack':
      return { kind: failed ? 'error' : 'handshake', name: 'CONNACK', answersTo: 'connect' }
    case 'publish': {
      const name = topic === undefined ? {} : { name: topic, channel: topic }
      const keys = [...(qos === 0 ? [] : [`publish ${messageId}`]), ...responseKeys(packet)]
      const answersTo = responseKey(topic, packet.properties?.correlationData)
      return {
        kind: 'event',
        ...name,
        ...id,
        ...(keys.length > 0 && { asks: keys.length > 1 ? keys : keys[0] }),
        ...(answersTo !== undefined && { answersTo }),
      }
    }
    case 'puback':
      return { kind: acknowledged, ...id, answersTo: `publish ${messageId}` }
    // With QoS 2, each packet of the exchange asks for the next one.
    case 'pubrec': {
      const next = failed ? {} : { asks: `pubrec ${messageId}` }
      return { kind: acknowledged, ...id, answersTo: `publish ${messageId}`, ...next }
    }
    case 'pubrel': {
      const next = failed ? {} : { asks: `pubrel ${messageId}` }
      return { kind: acknowledged, ...id, answersTo: `pubrec ${messageId}`, ...next }
    }
    case 'pubcomp':
      return { kind: acknowledged, ...id, answersTo: `pubrel ${messageId}` }
    case 'subscribe':
      return { kind: 'subscribe', ...topicsOf(packet.subscriptions), ...id, asks: `subscribe ${messageId}` }
    case 'suback':
      return { kind: acknowledged, ...id, answersTo: `subscribe ${messageId}` }
    case 'unsubscribe':
      return {
        kind: 'unsubscribe',
        ...topicsOf(packet.unsubscriptions),
        ...id,
        asks: `unsubscribe ${messageId}`,
      }
    case 'unsuback':
      return { kind: acknowledged, ...id, answersTo: `unsubscribe ${messageId}` }
    case 'pingreq':
      return { kind: 'heartbeat', name: 'PINGREQ', asks: 'ping' }
    case 'pingresp':
      return { kind: 'heartbeat', name: 'PINGRESP', answersTo: 'ping' }
    case 'disconnect':
      return { kind: failed ? 'error' : 'close', name: 'DISCONNECT' }
    // Each packet of the exchange answers the one before, CONNACK the last one.
    case 'auth': {
      const { reasonCode = 0 } = packet
      const asks = reasonCode === CONTINUE || reasonCode === AUTHENTICATE_AGAIN
      const answers = reasonCode !== AUTHENTICATE_AGAIN
      return {
        kind: failed ? 'error' : 'handshake',
        name: 'AUTH',
        ...(asks && { asks: 'connect' }),
        ...(answers && { answersTo: 'connect' }),
      }
    }
  }
}

/** The key of the response that a PUBLISH packet asks for. */
function responseKeys({ properties = {} }: MqttPacket): string[] {
  const key = responseKey(properties.responseTopic, properties.correlationData)
  return key === undefined ? [] : [key]
}

/** Without correlation data, nothing says which of several requests is answered. */
function responseKey(topic: unknown, correlationData: unknown): string | undefined {
  if (typeof topic !== 'string' || !(correlationData instanceof Uint8Array)) return undefined
  return `response ${asBuffer(correlationData).toString('base64')} ${topic}`
}

/** The topics of SUBSCRIBE and UNSUBSCRIBE. */
function topicsOf(subscriptions: unknown): Pick<Packet, 'name' | 'channel'> {
  const topics = Array.isArray(subscriptions)
    ? subscriptions.map((each) => each.topic ?? each).join(', ')
    : ''
  return { name: topics, channel: topics }
}

function hasFailed({ cmd, returnCode, reasonCode, granted }: MqttPacket): boolean {
  if (Array.isArray(granted) && granted.some((code) => code >= FIRST_FAILURE)) return true
  // MQTT 3 numbers refusals from 1.
  return (cmd === 'connack' && Number(returnCode ?? 0) > 0) || Number(reasonCode ?? 0) >= FIRST_FAILURE
}

/** The fields of a packet. Only application data becomes JSON or text, if it is one of these. */
function fieldsOf({ payload, password, will, topic, ...others }: MqttPacket): unknown {
  return toJson({
    ...others,
    ...(typeof topic === 'string' && { topic }),
    ...(isWill(will) && { will: { ...will, payload: contentOf(will.payload) } }),
    ...(password instanceof Uint8Array && { password: contentOf(password) }),
    ...(payload instanceof Uint8Array && { payload: contentOf(payload) }),
  })
}

function isWill(will: unknown): will is { payload: Uint8Array } {
  return typeof will === 'object' && will !== null && 'payload' in will && will.payload instanceof Uint8Array
}
