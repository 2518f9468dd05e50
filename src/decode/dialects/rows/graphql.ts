/** GraphQL over WebSocket, new and old, and over SSE. */
import type { Dialect, MessageRule } from '../../../shared/dialect.ts'

/** In AWS AppSync, the request is JSON in a text. */
const OPERATION: readonly string[] = [
  '$.payload.operationName',
  '$.payload.query.operation()',
  '$.payload.data.json().query.operation()',
]

const START: Omit<MessageRule, 'when'> = {
  kind: 'subscribe',
  name: OPERATION,
  id: '$.id',
  asks: true,
  value: '$.payload',
  remember: { operation: '$.id' },
}

const HANDSHAKE: readonly MessageRule[] = [
  {
    when: { '$.type': 'connection_init' },
    kind: 'handshake',
    name: '$.type',
    asks: 'connection',
    value: '$.payload',
  },
  {
    when: { '$.type': 'connection_ack' },
    kind: 'handshake',
    name: '$.type',
    answersTo: 'connection',
    value: '$.payload',
  },
]

/** What the server says about an operation. It gets the name of the request. */
function answer(type: string, kind: MessageRule['kind'], continues = false): MessageRule {
  return {
    direction: 'in',
    when: { '$.type': type },
    kind,
    id: '$.id',
    answersTo: true,
    continues,
    recall: { operation: '$.id' },
    value: '$.payload',
  }
}

/** https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverWebSocket.md */
export const graphqlTransportWs: Dialect = {
  name: 'graphql-transport-ws',
  recognize: [
    { subprotocol: 'graphql-transport-ws' },
    {
      message: { '$.type': 'subscribe', '$.id': { type: 'string' }, '$.payload.query': { type: 'string' } },
      direction: 'out',
      as: 'a subscribe message with a query',
    },
  ],
  messages: [
    ...HANDSHAKE,
    { when: { '$.type': 'ping' }, kind: 'heartbeat', name: 'ping', asks: 'ping', value: '$.payload' },
    { when: { '$.type': 'pong' }, kind: 'heartbeat', name: 'pong', answersTo: 'ping', value: '$.payload' },
    { ...START, when: { '$.type': 'subscribe' } },
    answer('next', 'data', true),
    answer('error', 'error'),
    answer('complete', 'complete'),
    {
      direction: 'out',
      when: { '$.type': 'complete' },
      kind: 'complete',
      id: '$.id',
      recall: { operation: '$.id' },
      value: '$.payload',
    },
  ],
}

/** https://github.com/apollographql/subscriptions-transport-ws/blob/master/PROTOCOL.md */
export const graphqlWs: Dialect = {
  name: 'graphql-ws',
  recognize: [
    { subprotocol: 'graphql-ws' },
    {
      message: { '$.type': 'start', '$.payload.query': { type: 'string' } },
      direction: 'out',
      as: 'a start message with a query',
    },
  ],
  messages: [
    ...HANDSHAKE,
    {
      when: { '$.type': 'connection_error' },
      kind: 'error',
      name: '$.type',
      answersTo: 'connection',
      value: '$.payload',
    },
    { when: { '$.type': 'connection_terminate' }, kind: 'close', name: '$.type', value: '$.payload' },
    {
      when: { '$.type': ['ka', 'connection_keep_alive'] },
      kind: 'heartbeat',
      name: 'ka',
      value: '$.payload',
    },
    { ...START, when: { '$.type': 'start' } },
    // AWS AppSync.
    answer('start_ack', 'ack', true),
    answer('data', 'data', true),
    answer('error', 'error'),
    answer('complete', 'complete'),
    {
      when: { '$.type': 'stop' },
      kind: 'unsubscribe',
      id: '$.id',
      recall: { operation: '$.id' },
      value: '$.payload',
    },
  ],
}

/** Names of the operation of a request. */
const REQUESTED: readonly string[] = ['$.operationName', '$.query.operation()']
/** For a stream that was requested with GET. */
const IN_URL: readonly string[] = ['@.query.operationName', '@.query.query.operation()']

/** https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverSSE.md */
export const graphqlSse: Dialect = {
  name: 'graphql-sse',
  recognize: [
    { requestHeader: { 'x-graphql-event-stream-token': '' } },
    {
      requestHeader: { accept: 'text/event-stream' },
      direction: 'out',
      message: { '$.query': { type: 'string' } },
      as: 'a GraphQL query',
    },
    {
      transport: 'sse',
      direction: 'in',
      message: { '@.event': 'next', '$.data': { type: ['object', 'null'] } },
      as: 'an event next with data',
    },
    {
      transport: 'sse',
      direction: 'in',
      message: { '@.event': 'next', '$.payload': { type: 'object' }, '$.id': { type: 'string' } },
      as: 'an event next with an ID and a payload',
    },
  ],
  scope: { header: 'x-graphql-event-stream-token' },
  text: true,
  ids: { session: ['@.header.x-graphql-event-stream-token', '@.query.token'] },
  messages: [
    // A single connection carries all operations.
    {
      direction: 'out',
      when: { '$.extensions.operationId': { type: 'string' } },
      kind: 'subscribe',
      name: REQUESTED,
      id: '$.extensions.operationId',
      asks: true,
      remember: { operation: '$.extensions.operationId', post: '@.connection' },
    },
    // A POST request that is refused has an answer of its own; others are answered in the stream.
    {
      direction: 'in',
      when: { '$.errors': { type: 'array' }, '@.connection': { remembered: 'post' } },
      kind: 'error',
      answersTo: true,
      recall: { post: '@.connection' },
    },
    {
      direction: 'out',
      when: { '@.method': 'DELETE', '@.query.operationId': { type: 'string' } },
      kind: 'unsubscribe',
      id: '@.query.operationId',
      recall: { operation: '@.query.operationId' },
      value: '$.payload',
    },
    {
      when: { '@.event': 'next', '$.id': { type: 'string' }, '$.payload': { type: 'object' } },
      kind: 'data',
      id: '$.id',
      answersTo: true,
      continues: true,
      value: '$.payload',
    },
    {
      when: { '@.event': 'complete', '$.id': { type: 'string' } },
      kind: 'complete',
      id: '$.id',
      answersTo: true,
    },
    // Each operation has a connection of its own.
    {
      direction: 'out',
      when: { '$.query': { type: 'string' } },
      kind: 'subscribe',
      name: REQUESTED,
      asks: 'operation',
    },
    {
      when: { '@.event': 'next' },
      kind: 'data',
      name: IN_URL,
      answersTo: 'operation',
      continues: true,
    },
    {
      when: { '@.event': 'complete', $: '' },
      kind: 'complete',
      name: IN_URL,
      answersTo: 'operation',
      value: '$.data',
    },
    { when: { '@.event': 'complete' }, kind: 'complete', name: IN_URL, answersTo: 'operation' },
    { direction: 'in', when: { '$.errors': { type: 'array' } }, kind: 'error', answersTo: 'operation' },
  ],
}
