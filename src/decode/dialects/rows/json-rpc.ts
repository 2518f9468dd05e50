/** JSON-RPC 2.0 (https://www.jsonrpc.org/specification), and protocols built on it. */
import type { Dialect, MessageRule } from '../../../shared/dialect.ts'

const ID = { type: ['string', 'number'] } as const
const METHOD = { type: 'string' } as const

const RESPONSES: readonly MessageRule[] = [
  { when: { '$.error': { present: true } }, kind: 'error', id: '$.id', answersTo: true, value: '$.error' },
  {
    when: { '$.result': { exists: true } },
    kind: 'response',
    id: '$.id',
    answersTo: true,
    value: '$.result',
  },
]

export const jsonRpc: Dialect = {
  name: 'json-rpc',
  recognize: [
    { subprotocol: ['jsonrpc', 'json-rpc', 'jsonrpc-2.0', 'jsonrpc2'] },
    { message: { '$.jsonrpc': '2.0' } },
  ],
  batch: true,
  messages: [
    {
      when: { '$.method': METHOD, '$.id': ID },
      kind: 'request',
      name: '$.method',
      id: '$.id',
      asks: true,
      value: '$.params',
    },
    // The Language Server Protocol.
    {
      when: { '$.method': '$/cancelRequest' },
      kind: 'event',
      name: '$.method',
      ids: { request: '$.params.id' },
      value: '$.params',
    },
    // Ethereum's nodes name the subscription that a notification belongs to.
    {
      when: { '$.method': METHOD },
      kind: 'event',
      name: '$.method',
      channel: '$.params.subscription',
      ids: { subscription: '$.params.subscription' },
      value: '$.params',
    },
    ...RESPONSES,
    // Notifications of rpc-websockets.
    { when: { '$.notification': METHOD }, kind: 'event', name: '$.notification', value: '$.params' },
  ],
}

const TOOL: readonly string[] = ['$.params.name', '$.params.uri']

/** https://modelcontextprotocol.io/specification */
export const mcp: Dialect = {
  name: 'mcp',
  recognize: [
    { subprotocol: 'mcp' },
    { requestHeader: { 'mcp-session-id': '' } },
    { requestHeader: { 'mcp-protocol-version': '' } },
    { responseHeader: { 'mcp-session-id': '' } },
    {
      message: { '$.method': 'initialize', '$.params.clientInfo': { type: 'object' } },
      as: 'an initialize request with clientInfo',
    },
    // Until version 2024-11-05, a stream began with the address that its client posts to.
    {
      transport: 'sse',
      direction: 'in',
      message: { '@.event': 'endpoint' },
      as: 'an endpoint event',
    },
  ],
  scope: 'origin',
  batch: true,
  text: true,
  ids: {
    session: ['@.header.mcp-session-id', '@.query.sessionId', '@.query.session_id'],
    event: '@.header.last-event-id',
    progress: ['$.params._meta.progressToken', '$.params.progressToken'],
  },
  messages: [
    {
      when: { '@.event': 'endpoint' },
      kind: 'handshake',
      name: 'endpoint',
      ids: { session: ['$.split(sessionId=)[1]', '$.split(session_id=)[1]'] },
    },
    // Ends the session.
    {
      direction: 'out',
      when: { '@.method': 'DELETE', $: '' },
      kind: 'close',
      name: 'DELETE',
      value: '$.params',
    },
    {
      when: { '$.method': 'initialize' },
      kind: 'handshake',
      name: 'initialize',
      id: '$.id',
      asks: true,
      value: '$.params',
    },
    {
      when: { '$.result.protocolVersion': { type: 'string' }, '$.result.serverInfo': { type: 'object' } },
      kind: 'handshake',
      id: '$.id',
      answersTo: true,
      value: '$.result',
    },
    {
      when: { '$.method': 'notifications/initialized' },
      kind: 'handshake',
      name: '$.method',
      value: '$.params',
    },
    // Its answer, an empty result, becomes a heartbeat when it is paired.
    {
      when: { '$.method': 'ping', '$.id': ID },
      kind: 'heartbeat',
      name: 'ping',
      id: '$.id',
      asks: true,
      value: '$.params',
    },
    {
      when: { '$.method': 'resources/subscribe' },
      kind: 'subscribe',
      name: '$.method',
      channel: TOOL,
      id: '$.id',
      asks: true,
      value: '$.params',
    },
    {
      when: { '$.method': 'resources/unsubscribe' },
      kind: 'unsubscribe',
      name: '$.method',
      channel: TOOL,
      id: '$.id',
      asks: true,
      value: '$.params',
    },
    {
      when: { '$.method': METHOD, '$.id': ID },
      kind: 'request',
      name: '$.method',
      channel: TOOL,
      id: '$.id',
      asks: true,
      value: '$.params',
      remember: { progress: '$.params._meta.progressToken' },
    },
    // The token of a request's progress, which need not be its ID.
    {
      when: { '$.method': 'notifications/progress' },
      kind: 'data',
      name: '$.method',
      recall: { progress: '$.params.progressToken' },
      value: '$.params',
    },
    {
      when: { '$.method': 'notifications/cancelled' },
      kind: 'event',
      name: '$.method',
      ids: { request: '$.params.requestId' },
      value: '$.params',
    },
    {
      when: { '$.method': METHOD },
      kind: 'event',
      name: '$.method',
      channel: '$.params.uri',
      value: '$.params',
    },
    {
      when: { '$.result.isError': true },
      kind: 'error',
      id: '$.id',
      answersTo: true,
      value: '$.result',
    },
    ...RESPONSES,
  ],
}
