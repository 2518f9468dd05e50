/** Protocols of services and programs: Home Assistant, Binance, Chrome DevTools, OpenAI's realtime API. */
import type { Dialect } from '../../../shared/dialect.ts'

/** https://developers.home-assistant.io/docs/api/websocket */
export const homeAssistant: Dialect = {
  name: 'home-assistant',
  recognize: [
    {
      path: '/api/websocket',
      direction: 'in',
      message: { '$.type': ['auth_required', 'auth_ok'] },
      as: 'an auth message',
    },
    {
      direction: 'in',
      message: { '$.type': 'auth_required', '$.ha_version': { type: 'string' } },
      as: 'an auth_required message',
    },
  ],
  batch: true,
  messages: [
    { when: { '$.type': 'auth_required' }, kind: 'handshake', name: '$.type', asks: 'auth' },
    { when: { '$.type': 'auth' }, kind: 'handshake', name: '$.type', answersTo: 'auth', asks: 'auth' },
    { when: { '$.type': 'auth_ok' }, kind: 'handshake', name: '$.type', answersTo: 'auth' },
    { when: { '$.type': 'auth_invalid' }, kind: 'error', name: '$.type', answersTo: 'auth' },
    { when: { '$.type': 'ping' }, kind: 'heartbeat', name: '$.type', id: '$.id', asks: true },
    { when: { '$.type': 'pong' }, kind: 'heartbeat', name: '$.type', id: '$.id', answersTo: true },
    {
      direction: 'out',
      when: { '$.type': { startsWith: 'subscribe_' } },
      kind: 'subscribe',
      name: '$.type',
      channel: '$.event_type',
      id: '$.id',
      asks: true,
      remember: { subscription: '$.id' },
    },
    {
      direction: 'out',
      when: { '$.type': { startsWith: 'unsubscribe_' } },
      kind: 'unsubscribe',
      name: '$.type',
      id: '$.id',
      ids: { request: ['$.id', '$.subscription'] },
      asks: true,
      recall: { subscription: '$.subscription' },
    },
    {
      when: { '$.type': 'result', '$.success': true, '$.id': { remembered: 'subscription' } },
      kind: 'ack',
      id: '$.id',
      answersTo: true,
      continues: true,
      value: '$.result',
    },
    {
      when: { '$.type': 'event' },
      kind: 'data',
      name: '$.event.event_type',
      id: '$.id',
      answersTo: true,
      continues: true,
      value: '$.event',
    },
    {
      when: { '$.type': 'result', '$.success': true },
      kind: 'response',
      id: '$.id',
      answersTo: true,
      value: '$.result',
    },
    { when: { '$.type': 'result' }, kind: 'error', id: '$.id', answersTo: true, value: '$.error' },
    {
      direction: 'out',
      when: { '$.id': { type: 'number' } },
      kind: 'request',
      name: '$.type',
      id: '$.id',
      asks: true,
    },
    { when: { '$.type': { type: 'string' } }, kind: 'event', name: '$.type' },
  ],
}

/** https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams and web-socket-api */
export const binance: Dialect = {
  name: 'binance',
  recognize: [
    { host: 'binance.com' },
    { host: 'binance.us' },
    { host: 'binance.vision' },
    {
      direction: 'out',
      message: { '$.method': ['SUBSCRIBE', 'UNSUBSCRIBE'], '$.params[0]': { contains: '@' } },
      as: 'a SUBSCRIBE message with a stream',
    },
  ],
  messages: [
    {
      when: { '$.method': ['SUBSCRIBE', 'userDataStream.subscribe'] },
      kind: 'subscribe',
      name: '$.method',
      channel: '$.params[0]',
      id: '$.id',
      asks: true,
      value: '$.params',
      remember: { subscription: '$.id' },
    },
    {
      when: { '$.method': ['UNSUBSCRIBE', 'userDataStream.unsubscribe'] },
      kind: 'unsubscribe',
      name: '$.method',
      channel: '$.params[0]',
      id: '$.id',
      asks: true,
      value: '$.params',
      remember: { subscription: '$.id' },
    },
    {
      when: { '$.method': { type: 'string' } },
      kind: 'request',
      name: '$.method',
      id: '$.id',
      asks: true,
      value: '$.params',
    },
    { when: { '$.error': { type: 'object' } }, kind: 'error', id: '$.id', answersTo: true, value: '$.error' },
    {
      when: { '$.code': { type: 'number' }, '$.msg': { type: 'string' } },
      kind: 'error',
      id: '$.id',
      answersTo: true,
    },
    {
      when: { '$.id': { remembered: 'subscription' }, '$.result': { exists: true } },
      kind: 'ack',
      id: '$.id',
      answersTo: true,
      value: '$.result',
    },
    {
      when: { '$.id': { present: true }, '$.result': { exists: true } },
      kind: 'response',
      id: '$.id',
      answersTo: true,
      value: '$.result',
    },
    {
      when: { '$.stream': { type: 'string' } },
      kind: 'event',
      name: ['$.data.e', '$.stream'],
      channel: '$.stream',
      value: '$.data',
    },
    { when: { '$.event.e': { type: 'string' } }, kind: 'event', name: '$.event.e', value: '$.event' },
    { when: { '$.e': { type: 'string' } }, kind: 'event', name: '$.e', channel: '$.s' },
    { when: { '$[0].e': { type: 'string' } }, kind: 'event', name: '$[0].e' },
    { direction: 'in', when: { $: { type: 'object' } }, kind: 'event', channel: '$.s' },
  ],
}

/** https://chromedevtools.github.io/devtools-protocol/ */
export const chromeDevTools: Dialect = {
  name: 'cdp',
  recognize: [
    { path: '/devtools/browser/' },
    { path: '/devtools/page/' },
    {
      direction: 'out',
      message: {
        '$.id': { type: 'number' },
        '$.jsonrpc': { exists: false },
        '$.method': [
          'Target.setDiscoverTargets',
          'Target.setAutoAttach',
          'Target.getBrowserContexts',
          'Browser.getVersion',
          'Runtime.enable',
          'Debugger.enable',
          'Network.enable',
          'Page.enable',
        ],
      },
      as: 'a command of the DevTools protocol',
    },
  ],
  ids: {
    session: ['$.sessionId', '$.params.sessionId', '$.result.sessionId'],
    target: ['$.params.targetId', '$.params.targetInfo.targetId', '$.result.targetId'],
  },
  messages: [
    {
      when: { '$.id': { type: 'number' }, '$.method': { type: 'string' } },
      kind: 'request',
      name: '$.method',
      channel: '$.sessionId',
      id: '$.id',
      asks: true,
      value: '$.params',
    },
    {
      when: { '$.method': { type: 'string' } },
      kind: 'event',
      name: '$.method',
      channel: '$.sessionId',
      value: '$.params',
    },
    {
      when: { '$.error': { type: 'object' } },
      kind: 'error',
      channel: '$.sessionId',
      id: '$.id',
      answersTo: true,
      value: '$.error',
    },
    {
      when: { '$.result': { type: 'object' } },
      kind: 'response',
      channel: '$.sessionId',
      id: '$.id',
      answersTo: true,
      value: '$.result',
    },
  ],
}

/** https://platform.openai.com/docs/api-reference/realtime */
export const openaiRealtime: Dialect = {
  name: 'openai-realtime',
  recognize: [
    { subprotocol: 'realtime' },
    { host: 'api.openai.com', path: '/v1/realtime' },
    {
      direction: 'in',
      message: {
        '$.type': 'session.created',
        '$.event_id': { type: 'string' },
        '$.session': { type: 'object' },
      },
      as: 'a session.created event',
    },
  ],
  ids: {
    request: [],
    event: ['$.event_id', '$.error.event_id'],
    session: '$.session.id',
    response: ['$.response_id', '$.response.id'],
    item: ['$.item_id', '$.item.id', '$.previous_item_id'],
    call: ['$.call_id', '$.item.call_id'],
  },
  messages: [
    {
      when: { '$.type': ['session.created', 'session.updated'] },
      kind: 'handshake',
      name: '$.type',
      answersTo: 'session',
    },
    { when: { '$.type': 'session.update' }, kind: 'handshake', name: '$.type', asks: 'session' },
    { when: { '$.type': 'response.create' }, kind: 'request', name: '$.type', asks: 'response' },
    {
      when: { '$.type': 'response.created' },
      kind: 'data',
      name: '$.type',
      id: '$.response.id',
      answersTo: 'response',
      continues: true,
    },
    {
      when: { '$.type': 'response.done' },
      kind: 'complete',
      name: '$.type',
      id: '$.response.id',
      answersTo: 'response',
    },
    { when: { '$.type': 'error' }, kind: 'error', name: '$.type', id: '$.error.event_id', value: '$.error' },
    { when: { '$.type': { startsWith: 'response.' } }, kind: 'data', name: '$.type', id: '$.response_id' },
    { when: { '$.type': { type: 'string' } }, kind: 'event', name: '$.type' },
  ],
}
