/** Protocols of web frameworks: Phoenix, Action Cable, tRPC. */
import type { Dialect, MessageRule, Tests } from '../../../shared/dialect.ts'

/** Where the parts of a Phoenix message are in one version of its serializer. */
interface PhoenixPlaces {
  readonly topic: string
  readonly event: string
  readonly payload: string
  readonly ref: string
}

function phoenixRules({ topic, event, payload, ref }: PhoenixPlaces): readonly MessageRule[] {
  const rule = (when: Tests, rest: Omit<MessageRule, 'when'>): MessageRule => ({
    when,
    channel: topic,
    id: ref,
    value: payload,
    ...rest,
  })
  const reply = (status: string): Tests => ({ [event]: 'phx_reply', [`${payload}.status`]: status })
  return [
    rule({ [topic]: 'phoenix', [event]: 'heartbeat' }, { kind: 'heartbeat', name: event, asks: true }),
    rule({ [topic]: 'phoenix', [event]: 'phx_reply' }, { kind: 'heartbeat', answersTo: true }),
    rule({ [event]: 'phx_join' }, { kind: 'subscribe', name: event, asks: true }),
    rule({ [event]: 'phx_leave' }, { kind: 'unsubscribe', name: event, asks: true }),
    rule(reply('ok'), { kind: 'ack', answersTo: true }),
    rule({ [event]: 'phx_reply' }, { kind: 'error', answersTo: true }),
    rule({ [event]: 'phx_error' }, { kind: 'error', name: event }),
    rule({ [event]: 'phx_close' }, { kind: 'close', name: event }),
    {
      direction: 'out',
      ...rule(
        { [event]: { type: 'string' }, [ref]: { present: true } },
        { kind: 'request', name: event, asks: true },
      ),
    },
    rule({ [topic]: { type: 'string' }, [event]: { type: 'string' } }, { kind: 'event', name: event }),
  ]
}

/** https://hexdocs.pm/phoenix/writing_a_channels_client.html */
export const phoenix: Dialect = {
  name: 'phoenix',
  recognize: [
    { path: '/websocket', query: { vsn: '2.0.0' } },
    { path: '/websocket', query: { vsn: '1.0.0' } },
    {
      message: { '$[3]': 'phx_join', '$[2]': { type: 'string' } },
      direction: 'out',
      as: 'a phx_join message',
    },
    {
      message: { '$.event': 'phx_join', '$.topic': { type: 'string' } },
      direction: 'out',
      as: 'a phx_join message',
    },
  ],
  ids: { join: ['$[0]', '$.join_ref'] },
  messages: [
    ...phoenixRules({ ref: '$[1]', topic: '$[2]', event: '$[3]', payload: '$[4]' }),
    ...phoenixRules({ ref: '$.ref', topic: '$.topic', event: '$.event', payload: '$.payload' }),
  ],
}

const CABLE_CHANNEL = '$.identifier.json().channel'

/** https://docs.anycable.io/misc/action_cable_protocol */
export const actionCable: Dialect = {
  name: 'action-cable',
  recognize: [
    { subprotocol: ['actioncable-v1-json', 'actioncable-v1-ext-json'] },
    {
      message: { '$.command': 'subscribe', '$.identifier': { startsWith: '{"' } },
      as: 'a subscribe command with an identifier',
    },
  ],
  // The identifier of a subscription is its channel and its parameters.
  ids: { request: [] },
  messages: [
    { when: { '$.type': 'welcome' }, kind: 'handshake', name: 'welcome' },
    { when: { '$.type': 'ping' }, kind: 'heartbeat', name: 'ping', value: '$.message' },
    { direction: 'out', when: { '$.command': 'pong' }, kind: 'heartbeat', name: 'pong' },
    { when: { '$.type': 'disconnect' }, kind: 'close', name: 'disconnect' },
    {
      when: { '$.command': 'subscribe' },
      kind: 'subscribe',
      name: CABLE_CHANNEL,
      channel: CABLE_CHANNEL,
      id: '$.identifier',
      asks: true,
      value: '$.identifier.json()',
    },
    {
      when: { '$.type': 'confirm_subscription' },
      kind: 'ack',
      channel: CABLE_CHANNEL,
      id: '$.identifier',
      answersTo: true,
      value: '$.identifier.json()',
    },
    {
      when: { '$.type': 'reject_subscription' },
      kind: 'error',
      channel: CABLE_CHANNEL,
      id: '$.identifier',
      answersTo: true,
      value: '$.identifier.json()',
    },
    {
      when: { '$.command': 'unsubscribe' },
      kind: 'unsubscribe',
      name: CABLE_CHANNEL,
      channel: CABLE_CHANNEL,
      id: '$.identifier',
      value: '$.identifier.json()',
    },
    {
      when: { '$.command': 'message' },
      kind: 'event',
      name: '$.data.json().action',
      channel: CABLE_CHANNEL,
      value: '$.data.json()',
    },
    { when: { '$.command': { type: 'string' } }, kind: 'event', name: '$.command', channel: CABLE_CHANNEL },
    {
      when: { '$.identifier': { type: 'string' }, '$.message': { exists: true } },
      kind: 'event',
      name: ['$.message.action', '$.message.type'],
      channel: CABLE_CHANNEL,
      value: '$.message',
    },
    { when: { '$.type': { type: 'string' } }, kind: 'event', name: '$.type', channel: CABLE_CHANNEL },
  ],
}

const PROCEDURES: readonly string[] = ['query', 'mutation', 'subscription']
/** The procedure of a stream that was requested with GET. */
const PROCEDURE_IN_URL = '@.path.split(/)[-1]'

/** https://trpc.io/docs/rpc */
export const trpc: Dialect = {
  name: 'trpc',
  recognize: [
    { responseHeader: { vary: 'trpc-accept' } },
    {
      message: { '$.method': PROCEDURES, '$.params.path': { type: 'string' } },
      direction: 'out',
      as: 'a request with the path of a procedure',
    },
    {
      message: { '$.method': 'connectionParams', '$.id': { exists: false } },
      direction: 'out',
      as: 'a connectionParams message',
    },
  ],
  batch: true,
  text: true,
  messages: [
    { when: { $: 'PING' }, kind: 'heartbeat', name: 'PING', asks: 'ping' },
    { when: { $: 'PONG' }, kind: 'heartbeat', name: 'PONG', answersTo: 'ping' },
    { when: { '$.method': 'connectionParams' }, kind: 'handshake', name: '$.method', value: '$.data' },
    {
      when: { '$.method': 'subscription', '$.params.path': { type: 'string' } },
      kind: 'subscribe',
      name: '$.params.path',
      id: '$.id',
      asks: true,
      value: '$.params.input',
      remember: { subscription: '$.id' },
    },
    {
      when: { '$.method': PROCEDURES, '$.params.path': { type: 'string' } },
      kind: 'request',
      name: '$.params.path',
      id: '$.id',
      asks: true,
      value: '$.params.input',
    },
    {
      when: { '$.method': 'subscription.stop' },
      kind: 'unsubscribe',
      id: '$.id',
      recall: { subscription: '$.id' },
    },
    { when: { '$.error': { type: 'object' } }, kind: 'error', id: '$.id', answersTo: true, value: '$.error' },
    { when: { '$.result.type': 'started' }, kind: 'ack', id: '$.id', answersTo: true, continues: true },
    { when: { '$.result.type': 'stopped' }, kind: 'complete', id: '$.id', answersTo: true },
    {
      when: { '$.result': { type: 'object' }, '$.id': { remembered: 'subscription' } },
      kind: 'data',
      id: '$.id',
      answersTo: true,
      continues: true,
      value: '$.result.data',
    },
    {
      when: { '$.result': { type: 'object' }, '$.id': { present: true } },
      kind: 'response',
      id: '$.id',
      answersTo: true,
      value: '$.result.data',
    },
    { when: { '$.method': 'reconnect' }, kind: 'close', name: 'reconnect' },
    // A subscription over SSE.
    {
      when: { '@.event': 'connected' },
      kind: 'handshake',
      name: PROCEDURE_IN_URL,
    },
    { when: { '@.event': 'ping' }, kind: 'heartbeat', name: 'ping' },
    { when: { '@.event': 'return', $: '' }, kind: 'complete', name: PROCEDURE_IN_URL, value: '$.data' },
    { when: { '@.event': 'return' }, kind: 'complete', name: PROCEDURE_IN_URL },
    { when: { '@.event': 'serialized-error' }, kind: 'error', name: PROCEDURE_IN_URL },
    { direction: 'in', when: { '@.transport': 'sse' }, kind: 'data', name: PROCEDURE_IN_URL },
  ],
}
