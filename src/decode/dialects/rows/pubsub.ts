/** Protocols to publish and subscribe: Bayeux, Pusher, Ably, OCPP. */
import type { Dialect, MessageRule } from '../../../shared/dialect.ts'

/** Some servers answer a number with a string. */
const BAYEUX_KEY = '$.id.text()'

/** A message of a client on a meta channel, and its answer: only the answer has `successful`. */
function metaRules(
  name: string,
  kind: MessageRule['kind'],
  answer: MessageRule['kind'],
  channel: MessageRule['channel'],
): readonly MessageRule[] {
  const parts = { name, channel, id: '$.id' }
  return [
    { ...parts, when: { '$.channel': name, '$.successful': { exists: false } }, kind, asks: BAYEUX_KEY },
    { ...parts, when: { '$.channel': name, '$.successful': false }, kind: 'error', answersTo: BAYEUX_KEY },
    { ...parts, when: { '$.channel': name }, kind: answer, answersTo: BAYEUX_KEY },
  ]
}

const SUBSCRIPTION: readonly string[] = ['$.subscription', '$.subscription[0]']

/**
 * https://docs.cometd.org/current/reference/#_bayeux. `/meta/connect` is the heartbeat: the server holds it, and the client
 * then sends it again.
 */
export const bayeux: Dialect = {
  name: 'bayeux',
  recognize: [
    {
      message: { '$.channel': { startsWith: '/meta/' }, '$.id': { exists: true } },
      as: 'a message on a /meta/ channel',
    },
  ],
  scope: 'url',
  batch: true,
  ids: { client: '$.clientId' },
  messages: [
    ...metaRules('/meta/handshake', 'handshake', 'handshake', undefined),
    ...metaRules('/meta/connect', 'heartbeat', 'heartbeat', undefined),
    ...metaRules('/meta/subscribe', 'subscribe', 'ack', SUBSCRIPTION),
    ...metaRules('/meta/unsubscribe', 'unsubscribe', 'ack', SUBSCRIPTION),
    ...metaRules('/meta/disconnect', 'close', 'close', undefined),
    {
      when: { '$.successful': false },
      kind: 'error',
      name: '$.channel',
      channel: '$.channel',
      id: '$.id',
      answersTo: BAYEUX_KEY,
    },
    {
      when: { '$.successful': true },
      kind: 'ack',
      name: '$.channel',
      channel: '$.channel',
      id: '$.id',
      answersTo: BAYEUX_KEY,
    },
    {
      direction: 'out',
      when: { '$.channel': { type: 'string' }, '$.id': { present: true } },
      kind: 'request',
      name: '$.channel',
      channel: '$.channel',
      id: '$.id',
      asks: BAYEUX_KEY,
      value: '$.data',
    },
    {
      when: { '$.channel': { type: 'string' } },
      kind: 'event',
      name: '$.channel',
      channel: '$.channel',
      id: '$.id',
      value: '$.data',
    },
  ],
}

const PUSHER_DATA = '$.data.json()'

/** https://pusher.com/docs/channels/library_auth_reference/pusher-websockets-protocol/ */
export const pusher: Dialect = {
  name: 'pusher',
  recognize: [
    { path: '/app/', query: { protocol: '', client: '' } },
    { message: { '$.event': { startsWith: 'pusher:' } }, as: 'an event of Pusher' },
  ],
  ids: { socket: '$.data.json().socket_id' },
  messages: [
    {
      when: { '$.event': 'pusher:connection_established' },
      kind: 'handshake',
      name: '$.event',
      value: PUSHER_DATA,
    },
    {
      when: { '$.event': 'pusher:ping' },
      kind: 'heartbeat',
      name: '$.event',
      asks: 'ping',
      value: PUSHER_DATA,
    },
    {
      when: { '$.event': 'pusher:pong' },
      kind: 'heartbeat',
      name: '$.event',
      answersTo: 'ping',
      value: PUSHER_DATA,
    },
    {
      when: { '$.event': 'pusher:subscribe' },
      kind: 'subscribe',
      name: '$.event',
      channel: '$.data.json().channel',
      asks: '$.data.json().channel',
      value: PUSHER_DATA,
    },
    {
      when: { '$.event': 'pusher_internal:subscription_succeeded' },
      kind: 'ack',
      name: '$.event',
      channel: '$.channel',
      answersTo: '$.channel',
      value: PUSHER_DATA,
    },
    {
      when: { '$.event': 'pusher:subscription_error' },
      kind: 'error',
      name: '$.event',
      channel: '$.channel',
      answersTo: '$.channel',
      value: PUSHER_DATA,
    },
    {
      when: { '$.event': 'pusher:unsubscribe' },
      kind: 'unsubscribe',
      name: '$.event',
      channel: '$.data.json().channel',
      value: PUSHER_DATA,
    },
    {
      when: { '$.event': 'pusher:signin' },
      kind: 'handshake',
      name: '$.event',
      asks: 'signin',
      value: PUSHER_DATA,
    },
    {
      when: { '$.event': 'pusher:signin_success' },
      kind: 'handshake',
      name: '$.event',
      answersTo: 'signin',
      value: PUSHER_DATA,
    },
    { when: { '$.event': 'pusher:error' }, kind: 'error', name: '$.event', value: PUSHER_DATA },
    {
      when: { '$.event': { type: 'string' } },
      kind: 'event',
      name: '$.event',
      channel: '$.channel',
      value: PUSHER_DATA,
    },
  ],
}

const HEARTBEAT_OF_OCPP = { '$[0]': 2, '$[2]': 'Heartbeat' } as const

/** OCPP-J 1.6 (https://openchargealliance.org/protocols/) and 2.x: calls with their results. */
export const ocpp: Dialect = {
  name: 'ocpp',
  recognize: [
    { subprotocol: ['ocpp1.2', 'ocpp1.5', 'ocpp1.6', 'ocpp2.0', 'ocpp2.0.1', 'ocpp2.1'] },
    {
      message: {
        '$[0]': 2,
        '$[1]': { type: 'string' },
        '$[2]': 'BootNotification',
        '$[3]': { type: 'object' },
      },
      as: 'a BootNotification call',
    },
  ],
  messages: [
    {
      when: HEARTBEAT_OF_OCPP,
      kind: 'heartbeat',
      name: '$[2]',
      id: '$[1]',
      asks: true,
      value: '$[3]',
      remember: { heartbeat: '$[1]' },
    },
    { when: { '$[0]': 2 }, kind: 'request', name: '$[2]', id: '$[1]', asks: true, value: '$[3]' },
    {
      when: { '$[0]': 3, '$[1]': { remembered: 'heartbeat' } },
      kind: 'heartbeat',
      id: '$[1]',
      answersTo: true,
      value: '$[2]',
    },
    { when: { '$[0]': 3 }, kind: 'response', id: '$[1]', answersTo: true, value: '$[2]' },
    { when: { '$[0]': 4 }, kind: 'error', id: '$[1]', answersTo: true },
    { when: { '$[0]': 5 }, kind: 'error', id: '$[1]' },
    { when: { '$[0]': 6 }, kind: 'event', name: '$[2]', id: '$[1]', value: '$[3]' },
  ],
}

function ablyRule(
  action: number,
  name: string,
  kind: MessageRule['kind'],
  rest: Partial<MessageRule> = {},
): MessageRule {
  return { when: { '$.action': action }, kind, name, channel: '$.channel', ...rest }
}

/** https://sdk.ably.com/builds/ably/specification/main/features/, its JSON encoding */
export const ably: Dialect = {
  name: 'ably',
  recognize: [
    { host: 'ably.io' },
    { host: 'ably.net' },
    { host: 'ably-realtime.com' },
    { query: { agent: '', format: 'msgpack', heartbeats: '' } },
    {
      message: { '$.action': 4, '$.connectionDetails': { type: 'object' } },
      direction: 'in',
      as: 'a CONNECTED message with connectionDetails',
    },
  ],
  batch: true,
  ids: { connection: '$.connectionId', session: '$.connectionDetails.connectionKey', message: '$.id' },
  messages: [
    {
      direction: 'out',
      ...ablyRule(0, 'HEARTBEAT', 'heartbeat', { id: '$.id', ids: { message: [] }, asks: 'heartbeat' }),
    },
    ablyRule(0, 'HEARTBEAT', 'heartbeat', {
      id: '$.id',
      ids: { request: [], message: [], answers: '$.id' },
      answersTo: 'heartbeat',
    }),
    { when: { '$.action': 1 }, kind: 'ack', id: '$.msgSerial', answersTo: true },
    { when: { '$.action': 2 }, kind: 'error', id: '$.msgSerial', answersTo: true },
    ablyRule(3, 'CONNECT', 'handshake'),
    ablyRule(4, 'CONNECTED', 'handshake'),
    ablyRule(5, 'DISCONNECT', 'close'),
    ablyRule(6, 'DISCONNECTED', 'close'),
    ablyRule(7, 'CLOSE', 'close', { asks: 'close' }),
    ablyRule(8, 'CLOSED', 'close', { answersTo: 'close' }),
    ablyRule(9, 'ERROR', 'error', { value: '$.error' }),
    ablyRule(10, 'ATTACH', 'subscribe', { asks: '$.channel' }),
    ablyRule(11, 'ATTACHED', 'ack', { answersTo: '$.channel' }),
    ablyRule(12, 'DETACH', 'unsubscribe', { asks: '$.channel' }),
    ablyRule(13, 'DETACHED', 'ack', { answersTo: '$.channel' }),
    {
      direction: 'out',
      ...ablyRule(14, 'PRESENCE', 'request', { id: '$.msgSerial', asks: true, value: '$.presence' }),
    },
    ablyRule(14, 'PRESENCE', 'event', { value: '$.presence' }),
    {
      direction: 'out',
      ...ablyRule(15, 'MESSAGE', 'request', {
        name: ['$.messages[0].name', 'MESSAGE'],
        id: '$.msgSerial',
        asks: true,
        value: '$.messages',
      }),
    },
    ablyRule(15, 'MESSAGE', 'event', { name: ['$.messages[0].name', 'MESSAGE'], value: '$.messages' }),
    ablyRule(16, 'SYNC', 'data', { value: '$.presence' }),
    ablyRule(17, 'AUTH', 'handshake'),
    { when: { '$.action': { type: 'number' } }, kind: 'event', channel: '$.channel' },
  ],
}
