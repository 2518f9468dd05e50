import assert from 'node:assert/strict'
import type { FormDraft } from '../../../src/shared/protocol/connecting.ts'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import { type FormFields, fieldsOf, problemsOf, specOf } from '../../../webview/state/connect-form.ts'
import { requestLines } from '../../../webview/state/request-preview.ts'

function draft(spec: ConnectionSpec, more: Partial<FormDraft> = {}): FormDraft {
  return { id: 1, spec, known: [], certificates: {}, isRemembered: false, ...more }
}

/** The specification of a draft whose fields the user has changed. */
function changed(
  spec: ConnectionSpec,
  change: Partial<FormFields>,
  more?: Partial<FormDraft>,
): ConnectionSpec {
  return specOf({ ...fieldsOf(draft(spec, more)), ...change })
}

describe('the form of a connection', () => {
  it('stands for the connection that it was opened with', () => {
    const specs: ConnectionSpec[] = [
      { url: 'ws://h/' },
      {
        url: 'https://h/x?token=***',
        transport: 'poll',
        method: 'PUT',
        headers: { 'X-A': '1', 'X-B': ['2', '3'], Cookie: '***' },
        body: '{"a":1}',
        reconnect: 500,
        interval: 2000,
        timeout: 100,
        cursor: 'json:/n:since',
        maxAttempts: 3,
        tls: { insecure: true, plainRedirects: true },
        proxy: 'http://proxy:3128',
      },
      { url: 'wss://h/', subprotocols: ['a', 'b'], reconnect: 'never', compression: false, cookieJar: true },
      { url: 'ws://h/', cookieJar: false },
      { url: 'https://h/', transport: 'http-stream', framing: 'ndjson', body: { base64: 'AAE=' } },
      { url: 'https://h/', body: '***' },
      { url: 'ws://h/', protocol: 'mqtt', protocolOptions: { username: 'ada', password: '***', version: 5 } },
      {
        url: 'ws://h/',
        protocol: 'socket.io',
        protocolOptions: { namespace: ['/', '/admin'], auth: { token: '***' } },
      },
    ]
    for (const spec of specs) assert.deepEqual(changed(spec, {}), spec)
  })

  it('keeps an authorization that the host knows, until another one is typed', () => {
    const spec = { url: 'https://h/', headers: { Authorization: '***', 'X-A': '1' } }
    const more = { authorization: 'bearer' as const }
    assert.deepEqual(fieldsOf(draft(spec, more)).headers, [{ isUsed: true, name: 'X-A', value: '1' }])
    assert.deepEqual(changed(spec, {}, more).headers, { 'X-A': '1', Authorization: '***' })
    assert.equal(changed(spec, { secret: 'new' }, more).headers?.Authorization, 'Bearer new')
    const basic = { auth: 'basic', user: 'ada', secret: 'ünsafe' } as const
    const encoded = `Basic ${Buffer.from('ada:ünsafe').toString('base64')}`
    assert.equal(changed(spec, basic, more).headers?.Authorization, encoded)
    assert.equal(changed(spec, { auth: 'none' }, more).headers?.Authorization, undefined)
  })

  it('sends the headers that are ticked and have a name', () => {
    const headers = [
      { isUsed: true, name: ' X-A ', value: '1' },
      { isUsed: false, name: 'X-Debug', value: 'timing' },
      { isUsed: true, name: '', value: '' },
      { isUsed: true, name: 'x-a', value: '2' },
    ]
    assert.deepEqual(changed({ url: 'ws://h/' }, { headers }).headers, { 'X-A': ['1', '2'] })
  })

  it('understands a URL without a scheme, as the technique needs it', () => {
    assert.equal(changed({ url: 'example.com/x' }, {}).url, 'wss://example.com/x')
    assert.equal(changed({ url: 'example.com/x' }, { transport: 'sse' }).url, 'https://example.com/x')
    assert.equal(changed({ url: 'localhost:3000' }, { transport: 'poll' }).url, 'http://localhost:3000')
  })

  it('has the options of the protocol that is spoken', () => {
    const options = { username: 'ada', passcode: 'x', headers: '{"a":', heartbeat: '-1' }
    const fields: FormFields = {
      ...fieldsOf(draft({ url: 'ws://h/' })),
      protocol: 'stomp',
      protocolOptions: options,
    }
    assert.deepEqual(Object.keys(problemsOf(fields)).sort(), ['protocol headers', 'protocol heartbeat'])
    const { protocol, protocolOptions } = specOf({ ...fields, protocol: 'mqtt' })
    assert.deepEqual([protocol, protocolOptions], ['mqtt', { username: 'ada' }])
    assert.equal(specOf({ ...fields, protocol: '' }).protocolOptions, undefined)
    const needed = { ...fields, protocol: 'discord', protocolOptions: {} } as const
    assert.deepEqual(Object.keys(problemsOf(needed)), ['protocol token'])
  })

  it('says what is wrong with each field', () => {
    const fields: FormFields = {
      ...fieldsOf(draft({ url: 'wss://h/' })),
      transport: 'sse',
      headers: [{ isUsed: true, name: 'X A', value: '1' }],
      subprotocols: 'a b',
      reconnect: 'fixed',
      delay: '-1',
      interval: 'often',
      timeout: '0',
      proxy: 'nonsense',
    }
    assert.deepEqual(Object.keys(problemsOf(fields)).sort(), [
      'delay',
      'header 0',
      'interval',
      'proxy',
      'subprotocols',
      'timeout',
      'url',
    ])
    assert.deepEqual(problemsOf(fieldsOf(draft({ url: 'wss://h/' }))), {})
  })
})

describe('what will be sent', () => {
  it('is the request without secrets', () => {
    const lines = requestLines({
      url: 'https://api.example.com/v1/chat?key=s3cr3t&x=1',
      transport: 'sse',
      headers: { Authorization: 'Bearer tok-123', 'X-Id': '7' },
      body: '{"password":"hunter2","stream":true}',
    })
    assert.deepEqual(lines, [
      'POST /v1/chat?key=••••••&x=1 HTTP/1.1',
      'Host: api.example.com',
      'Accept: text/event-stream',
      'Content-Type: application/json',
      'Authorization: Bearer ••••••',
      'X-Id: 7',
      'Content-Length: 36',
      '',
      '{"password":"••••••","stream":true}',
    ])
  })

  it('is the handshake of a WebSocket, with its subprotocols and without a body', () => {
    const lines = requestLines({
      url: 'ws://h:1/chat',
      subprotocols: ['chat.v2'],
      body: 'x',
      headers: { Cookie: '***' },
    })
    assert.deepEqual(lines, [
      'GET /chat HTTP/1.1',
      'Host: h:1',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Protocol: chat.v2',
      'Cookie: ••••••',
    ])
    assert.deepEqual(requestLines({ url: 'half' }), [])
  })
})
