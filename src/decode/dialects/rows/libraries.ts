/** Protocols of libraries for browsers and Node.js: nes, Primus, SignalR, Meteor's DDP. */
import type { Dialect } from '../../../shared/dialect.ts'

const REFUSED = { '$.statusCode': { atLeast: 400 } } as const

/** https://github.com/hapijs/nes/blob/master/PROTOCOL.md */
export const nes: Dialect = {
  name: 'nes',
  recognize: [
    {
      message: { '$.type': 'hello', '$.version': { type: 'string' }, '$.id': { present: true } },
      direction: 'out',
      as: 'a hello message with a version',
    },
    {
      message: { '$.type': 'hello', '$.socket': { type: 'string' }, '$.heartbeat': { exists: true } },
      direction: 'in',
      as: 'a hello message with a socket',
    },
  ],
  ids: { socket: '$.socket' },
  messages: [
    { direction: 'in', when: { '$.type': 'ping' }, kind: 'heartbeat', name: 'ping', asks: 'ping' },
    {
      direction: 'out',
      when: { '$.type': 'ping' },
      kind: 'heartbeat',
      name: 'ping',
      id: '$.id',
      answersTo: 'ping',
    },
    {
      direction: 'out',
      when: { '$.type': ['hello', 'reauth'] },
      kind: 'handshake',
      name: '$.type',
      id: '$.id',
      asks: true,
    },
    { direction: 'in', when: REFUSED, kind: 'error', channel: '$.path', id: '$.id', answersTo: true },
    {
      direction: 'in',
      when: { '$.type': ['hello', 'reauth'] },
      kind: 'handshake',
      name: '$.type',
      id: '$.id',
      answersTo: true,
    },
    {
      direction: 'out',
      when: { '$.type': 'request' },
      kind: 'request',
      name: '$.path',
      id: '$.id',
      asks: true,
    },
    {
      direction: 'in',
      when: { '$.type': 'request' },
      kind: 'response',
      id: '$.id',
      answersTo: true,
      value: '$.payload',
    },
    {
      direction: 'out',
      when: { '$.type': 'sub' },
      kind: 'subscribe',
      name: '$.path',
      channel: '$.path',
      id: '$.id',
      asks: true,
    },
    {
      direction: 'out',
      when: { '$.type': 'unsub' },
      kind: 'unsubscribe',
      name: '$.path',
      channel: '$.path',
      id: '$.id',
      asks: true,
    },
    { direction: 'in', when: { '$.type': ['sub', 'unsub'] }, kind: 'ack', id: '$.id', answersTo: true },
    {
      direction: 'out',
      when: { '$.type': 'message' },
      kind: 'request',
      name: 'message',
      id: '$.id',
      asks: true,
      value: '$.message',
    },
    {
      direction: 'in',
      when: { '$.type': 'message' },
      kind: 'response',
      id: '$.id',
      answersTo: true,
      value: '$.message',
    },
    { when: { '$.type': 'pub' }, kind: 'event', name: '$.path', channel: '$.path', value: '$.message' },
    { when: { '$.type': 'update' }, kind: 'event', name: 'update', value: '$.message' },
    {
      when: { '$.type': 'revoke' },
      kind: 'unsubscribe',
      name: '$.path',
      channel: '$.path',
      value: '$.message',
    },
  ],
}

/** https://github.com/primus/primus/blob/master/spark.js */
export const primus: Dialect = {
  name: 'primus',
  recognize: [
    { query: { _primuscb: '' } },
    { message: { $: { startsWith: 'primus::' } }, as: 'a message of Primus' },
  ],
  ids: { nonce: '@.query._primuscb' },
  messages: [
    {
      when: { $: { startsWith: 'primus::ping::' } },
      kind: 'heartbeat',
      name: 'ping',
      id: '$.split(::)[2]',
      asks: true,
    },
    {
      when: { $: { startsWith: 'primus::pong::' } },
      kind: 'heartbeat',
      name: 'pong',
      id: '$.split(::)[2]',
      answersTo: true,
    },
    {
      direction: 'out',
      when: { $: { startsWith: 'primus::id::' } },
      kind: 'handshake',
      name: 'id',
      asks: 'id',
    },
    {
      direction: 'in',
      when: { $: { startsWith: 'primus::id::' } },
      kind: 'handshake',
      name: 'id',
      answersTo: 'id',
      ids: { session: '$.split(::)[2]' },
    },
    { when: { $: 'primus::server::close' }, kind: 'close', name: 'server::close' },
    { when: { $: { startsWith: 'primus::' } }, kind: 'event', name: '$.split(::)[1]' },
    { kind: 'event' },
  ],
}

const SIGNALR_INVOCATION = {
  name: '$.target',
  id: '$.invocationId',
  asks: true,
  value: '$.arguments',
  remember: { invocation: '$.invocationId' },
} as const

/** https://github.com/dotnet/aspnetcore/blob/main/src/SignalR/docs/specs/HubProtocol.md, encoded as JSON */
export const signalr: Dialect = {
  name: 'signalr',
  recognize: [
    {
      message: { '$.protocol': 'json', '$.version': { type: 'number' } },
      direction: 'out',
      as: 'a handshake with protocol json',
    },
    // The header of browsers, and that of other clients.
    { requestHeader: { 'x-signalr-user-agent': 'Microsoft SignalR/' } },
    { requestHeader: { 'user-agent': 'Microsoft SignalR/' } },
  ],
  scope: 'url',
  separator: '\u001e',
  ids: { session: ['$.connectionToken', '@.query.id'], connection: '$.connectionId' },
  messages: [
    { when: { '$.availableTransports': { type: 'array' } }, kind: 'handshake', name: 'negotiate' },
    { when: { '$.protocol': { type: 'string' } }, kind: 'handshake', name: 'handshake', asks: 'handshake' },
    { when: { '$.type': 1, '$.invocationId': { present: true } }, kind: 'request', ...SIGNALR_INVOCATION },
    { when: { '$.type': 1 }, kind: 'event', name: '$.target', value: '$.arguments' },
    {
      when: { '$.type': 2 },
      kind: 'data',
      id: '$.invocationId',
      answersTo: true,
      continues: true,
      value: '$.item',
    },
    {
      when: { '$.type': 3, '$.error': { present: true } },
      kind: 'error',
      id: '$.invocationId',
      answersTo: true,
      value: '$.error',
    },
    {
      when: { '$.type': 3, '$.result': { exists: true } },
      kind: 'response',
      id: '$.invocationId',
      answersTo: true,
      value: '$.result',
    },
    { when: { '$.type': 3 }, kind: 'complete', id: '$.invocationId', answersTo: true, value: '$.result' },
    { when: { '$.type': 4 }, kind: 'request', ...SIGNALR_INVOCATION },
    {
      when: { '$.type': 5 },
      kind: 'unsubscribe',
      id: '$.invocationId',
      recall: { invocation: '$.invocationId' },
    },
    { when: { '$.type': 6 }, kind: 'heartbeat', name: 'ping' },
    { when: { '$.type': 7, '$.error': { present: true } }, kind: 'error', name: 'close' },
    { when: { '$.type': 7 }, kind: 'close', name: 'close' },
    { when: { '$.type': 8 }, kind: 'ack', name: 'ack', id: '$.sequenceId', ids: { request: [] } },
    { when: { '$.type': 9 }, kind: 'event', name: 'sequence', id: '$.sequenceId', ids: { request: [] } },
    {
      when: { '$.type': { exists: false }, '$.error': { type: 'string' } },
      kind: 'error',
      answersTo: 'handshake',
      value: '$.error',
    },
    {
      direction: 'in',
      when: { $: { type: 'object' }, '$.type': { exists: false } },
      kind: 'handshake',
      answersTo: 'handshake',
    },
  ],
}

/** https://github.com/meteor/meteor/blob/devel/packages/ddp/DDP.md */
export const ddp: Dialect = {
  name: 'ddp',
  recognize: [
    {
      message: { '$.msg': 'connect', '$.version': { type: 'string' }, '$.support': { type: 'array' } },
      direction: 'out',
      as: 'a connect message of DDP',
    },
  ],
  ids: { session: '$.session' },
  messages: [
    { when: { '$.msg': 'connect' }, kind: 'handshake', name: 'connect', asks: 'connect' },
    { when: { '$.msg': 'connected' }, kind: 'handshake', name: 'connected', answersTo: 'connect' },
    { when: { '$.msg': 'failed' }, kind: 'error', name: 'failed', answersTo: 'connect' },
    { when: { '$.msg': 'ping' }, kind: 'heartbeat', name: 'ping', asks: 'ping' },
    { when: { '$.msg': 'pong' }, kind: 'heartbeat', name: 'pong', answersTo: 'ping' },
    {
      when: { '$.msg': 'method' },
      kind: 'request',
      name: '$.method',
      id: '$.id',
      asks: true,
      value: '$.params',
    },
    {
      when: { '$.msg': 'result', '$.error': { present: true } },
      kind: 'error',
      id: '$.id',
      answersTo: true,
      value: '$.error',
    },
    { when: { '$.msg': 'result' }, kind: 'response', id: '$.id', answersTo: true, value: '$.result' },
    {
      when: { '$.msg': 'sub' },
      kind: 'subscribe',
      name: '$.name',
      channel: '$.name',
      id: '$.id',
      asks: true,
      value: '$.params',
      remember: { subscription: '$.id' },
    },
    { when: { '$.msg': 'unsub' }, kind: 'unsubscribe', id: '$.id', recall: { subscription: '$.id' } },
    { when: { '$.msg': 'ready' }, kind: 'ack', id: '$.subs[0]', answersTo: true },
    { when: { '$.msg': 'nosub', '$.error': { present: true } }, kind: 'error', id: '$.id', answersTo: true },
    {
      when: { '$.msg': 'nosub' },
      kind: 'complete',
      id: '$.id',
      answersTo: true,
      recall: { subscription: '$.id' },
    },
    // All that a method has changed has been sent.
    { when: { '$.msg': 'updated' }, kind: 'event', name: 'updated', ids: { answers: '$.methods[0]' } },
    { when: { '$.msg': { type: 'string' } }, kind: 'event', name: '$.msg', channel: '$.collection' },
  ],
}
