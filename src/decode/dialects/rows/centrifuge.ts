/** Centrifugo. */
import type { Dialect, MessageRule } from '../../../shared/dialect.ts'

/** Commands of Centrifugo's clients: the name of a member says which one it is. */
function centrifugeRule(name: string, kind: MessageRule['kind'], channel?: string): MessageRule {
  return {
    when: { '$.id': { present: true }, [`$.${name}`]: { type: 'object' } },
    kind,
    name,
    channel,
    id: '$.id',
    asks: true,
    value: `$.${name}`,
  }
}

const centrifugeAnswers: readonly MessageRule[] = [
  {
    direction: 'in',
    when: { '$.id': { present: true }, '$.error': { type: 'object' } },
    kind: 'error',
    id: '$.id',
    answersTo: true,
    value: '$.error',
  },
  {
    direction: 'in',
    when: { '$.id': { present: true }, '$.connect': { type: 'object' } },
    kind: 'handshake',
    id: '$.id',
    answersTo: true,
    value: '$.connect',
  },
  {
    direction: 'in',
    when: { '$.id': { present: true }, '$.subscribe': { type: 'object' } },
    kind: 'ack',
    id: '$.id',
    answersTo: true,
    value: '$.subscribe',
  },
  {
    direction: 'in',
    when: { '$.id': { present: true }, '$.unsubscribe': { type: 'object' } },
    kind: 'ack',
    id: '$.id',
    answersTo: true,
    value: '$.unsubscribe',
  },
  {
    direction: 'in',
    when: { '$.id': { present: true }, '$.publish': { type: 'object' } },
    kind: 'ack',
    id: '$.id',
    answersTo: true,
    value: '$.publish',
  },
  { direction: 'in', when: { '$.id': { present: true } }, kind: 'response', id: '$.id', answersTo: true },
]

/** An empty object; the client answers with another one. */
const CENTRIFUGE_PING = {
  $: { type: 'object' },
  '$.id': { exists: false },
  '$.push': { exists: false },
  '$.send': { exists: false },
} as const

function centrifugePush(name: string): MessageRule {
  const push = `$.push.${name}`
  return { when: { [push]: { type: 'object' } }, kind: 'event', name, channel: '$.push.channel', value: push }
}

/** https://centrifugal.dev/docs/transports/client_protocol, its JSON encoding: a line for each command. */
export const centrifuge: Dialect = {
  name: 'centrifuge',
  recognize: [
    { subprotocol: 'centrifuge-json' },
    {
      path: '/connection/websocket',
      direction: 'out',
      message: { '$.id': { type: 'number' }, '$.connect': { type: 'object' } },
      as: 'a connect command',
    },
    {
      path: '/connection/websocket',
      direction: 'in',
      message: { '$.push.channel': { type: 'string' } },
      as: 'a push with a channel',
    },
  ],
  separator: '\n',
  ids: { client: '$.connect.client', session: '$.connect.session', node: '$.connect.node' },
  messages: [
    {
      direction: 'in',
      when: CENTRIFUGE_PING,
      kind: 'heartbeat',
      name: 'ping',
      asks: 'ping',
    },
    { direction: 'out', when: CENTRIFUGE_PING, kind: 'heartbeat', name: 'pong', answersTo: 'ping' },
    ...centrifugeAnswers,
    centrifugeRule('connect', 'handshake'),
    centrifugeRule('subscribe', 'subscribe', '$.subscribe.channel'),
    centrifugeRule('unsubscribe', 'unsubscribe', '$.unsubscribe.channel'),
    centrifugeRule('publish', 'request', '$.publish.channel'),
    { ...centrifugeRule('rpc', 'request'), name: '$.rpc.method' },
    centrifugeRule('presence', 'request', '$.presence.channel'),
    centrifugeRule('history', 'request', '$.history.channel'),
    centrifugeRule('refresh', 'request'),
    {
      when: { '$.push.disconnect': { type: 'object' } },
      kind: 'close',
      name: 'disconnect',
      value: '$.push.disconnect',
    },
    {
      when: { '$.push.unsubscribe': { type: 'object' } },
      kind: 'unsubscribe',
      name: 'unsubscribe',
      channel: '$.push.channel',
      value: '$.push',
    },
    centrifugePush('pub'),
    centrifugePush('join'),
    centrifugePush('leave'),
    centrifugePush('message'),
    {
      when: { '$.push': { type: 'object' } },
      kind: 'event',
      name: 'push',
      channel: '$.push.channel',
      value: '$.push',
    },
    { when: { '$.send': { type: 'object' } }, kind: 'event', name: 'send', value: '$.send' },
  ],
}
