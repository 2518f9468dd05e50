/** WAMP (https://wamp-proto.org/wamp_latest_ietf.html): arrays that begin with the number of their type. */
import type { Dialect, MessageRule } from '../../../shared/dialect.ts'

/** The reasons of the answer when a session closes; the second is that of older routers. */
const CLOSED: readonly string[] = ['wamp.close.goodbye_and_out', 'wamp.error.goodbye_and_out']

/** A publisher is identified by its session. */
const IDS_OF_EVENT = { subscription: '$[1]', publication: '$[2]', session: '$[3].publisher' } as const

/** A message with the request ID at index 1, which answers a request. */
function answer(type: number, rule: Omit<MessageRule, 'when'>): MessageRule {
  return { when: { '$[0]': type }, id: '$[1]', answersTo: true, ...rule }
}

/** A message with the request ID at index 1 and a topic or procedure at index 3. */
function request(type: number, kind: MessageRule['kind']): MessageRule {
  return {
    when: { '$[0]': type },
    kind,
    name: '$[3]',
    channel: '$[3]',
    id: '$[1]',
    asks: true,
  }
}

export const wamp: Dialect = {
  name: 'wamp',
  recognize: [
    { subprotocol: ['wamp.2.json', 'wamp.2.json.batched', 'wamp.2.msgpack', 'wamp.2.cbor'] },
    {
      message: { '$[0]': 1, '$[1]': { type: 'string' }, '$[2].roles': { type: 'object' } },
      direction: 'out',
      as: 'a HELLO message',
    },
  ],
  // The separator of wamp.2.json.batched.
  separator: '\u0018',
  messages: [
    { when: { '$[0]': 1 }, kind: 'handshake', name: 'HELLO', channel: '$[1]', asks: 'session' },
    {
      when: { '$[0]': 2 },
      kind: 'handshake',
      name: 'WELCOME',
      answersTo: 'session',
      ids: { session: '$[1]' },
    },
    { when: { '$[0]': 3 }, kind: 'error', name: 'ABORT', answersTo: 'session' },
    { when: { '$[0]': 4 }, kind: 'handshake', name: 'CHALLENGE', asks: 'challenge' },
    { when: { '$[0]': 5 }, kind: 'handshake', name: 'AUTHENTICATE', answersTo: 'challenge' },
    { when: { '$[0]': 6, '$[2]': CLOSED }, kind: 'close', name: 'GOODBYE', answersTo: 'goodbye' },
    { when: { '$[0]': 6 }, kind: 'close', name: 'GOODBYE', asks: 'goodbye' },
    { when: { '$[0]': 8 }, kind: 'error', id: '$[2]', answersTo: true },
    { ...request(16, 'request'), when: { '$[0]': 16, '$[2].acknowledge': true } },
    { when: { '$[0]': 16 }, kind: 'event', name: '$[3]', channel: '$[3]', id: '$[1]' },
    answer(17, { kind: 'ack', ids: { publication: '$[2]' } }),
    { ...request(32, 'subscribe'), remember: { request: '$[1]' } },
    answer(33, {
      kind: 'ack',
      ids: { subscription: '$[2]' },
      recall: { request: '$[1]' },
      remember: { subscription: '$[2]' },
    }),
    {
      when: { '$[0]': 34 },
      kind: 'unsubscribe',
      id: '$[1]',
      ids: { subscription: '$[2]' },
      asks: true,
      recall: { subscription: '$[2]' },
    },
    answer(35, { kind: 'ack' }),
    // If the subscription has a pattern, the event has its own topic.
    {
      when: { '$[0]': 36, '$[1]': { remembered: 'subscription' } },
      kind: 'event',
      name: '$[3].topic',
      ids: IDS_OF_EVENT,
      recall: { subscription: '$[1]' },
    },
    {
      when: { '$[0]': 36 },
      kind: 'event',
      name: '$[3].topic',
      channel: ['$[3].topic', '$[1]'],
      ids: IDS_OF_EVENT,
    },
    request(48, 'request'),
    { when: { '$[0]': 49 }, kind: 'event', name: 'CANCEL', id: '$[1]' },
    { ...answer(50, { kind: 'data', continues: true }), when: { '$[0]': 50, '$[2].progress': true } },
    answer(50, { kind: 'response' }),
    { ...request(64, 'request'), remember: { request: '$[1]' } },
    answer(65, {
      kind: 'ack',
      ids: { registration: '$[2]' },
      recall: { request: '$[1]' },
      remember: { registration: '$[2]' },
    }),
    {
      when: { '$[0]': 66 },
      kind: 'request',
      id: '$[1]',
      ids: { registration: '$[2]' },
      asks: true,
      recall: { registration: '$[2]' },
    },
    answer(67, { kind: 'ack' }),
    {
      when: { '$[0]': 68 },
      kind: 'request',
      name: '$[3].procedure',
      id: '$[1]',
      ids: { registration: '$[2]', session: '$[3].caller' },
      asks: true,
      recall: { registration: '$[2]' },
    },
    { when: { '$[0]': 69 }, kind: 'event', name: 'INTERRUPT', id: '$[1]' },
    { ...answer(70, { kind: 'data', continues: true }), when: { '$[0]': 70, '$[2].progress': true } },
    answer(70, { kind: 'response' }),
  ],
}
