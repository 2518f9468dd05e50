import assert from 'node:assert/strict'
import { parseSpec } from '../../src/request/parse-spec.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { type Field, fieldsOf } from '../../src/vscode/connect/fields.ts'

function labels(spec: ConnectionSpec): string {
  return fieldsOf(spec)
    .map(({ label }) => label)
    .join(', ')
}

function field(spec: ConnectionSpec, label: string): Field {
  return fieldsOf(spec).find((each) => each.label === label) ?? assert.fail(label)
}

/** The checked specification after a value was typed or chosen. */
function answered(spec: ConnectionSpec, label: string, answer: string): ConnectionSpec {
  const asked = field(spec, label)
  return parseSpec('choices' in asked ? asked.chosen(spec, answer) : asked.typed(spec, answer))
}

describe('the fields of the connection form', () => {
  it('fit the URL and the transport', () => {
    assert.equal(
      labels({ url: 'ws://h/' }),
      'Headers, Subprotocols, Protocol, Cookies, HTTP version, Connect as a browser, Reconnect',
    )
    assert.equal(
      labels({ url: 'WSS://h/' }),
      'Headers, Subprotocols, Protocol, Certificate, Cookies, HTTP version, Connect as a browser, Reconnect',
    )
    const http = 'Transport, Method, Headers, Protocol, Body'
    assert.equal(
      labels({ url: 'http://h/' }),
      `${http}, Cookies, HTTP version, Connect as a browser, Reconnect`,
    )
    assert.equal(
      labels({ url: 'http://h/', transport: 'poll' }),
      `${http}, Interval, Cursor, Cookies, HTTP version, Connect as a browser, Reconnect`,
    )
    assert.equal(
      labels({ url: 'http://h/', transport: 'long-poll' }),
      `${http}, Cursor, Cookies, HTTP version, Connect as a browser, Reconnect`,
    )
    assert.equal(
      labels({ url: 'https://h/', transport: 'http-stream' }),
      `${http}, Cursor, Framing, Certificate, Cookies, HTTP version, Connect as a browser, Reconnect`,
    )
    const spoken =
      'Headers, Subprotocols, Protocol, Options of the protocol, Cookies, HTTP version, Connect as a browser, Reconnect'
    assert.equal(labels({ url: 'ws://h/', protocol: 'mqtt' }), spoken)
    assert.equal(
      labels({ url: 'ws://h/', protocol: 'sockjs' }),
      'Headers, Subprotocols, Protocol, Cookies, HTTP version, Connect as a browser, Reconnect',
    )
  })

  it('set and remove options of the protocol', () => {
    const mqtt: ConnectionSpec = { url: 'ws://h/', protocol: 'mqtt' }
    const label = 'Options of the protocol'
    const named = answered(mqtt, label, ' username=ada ')
    const both = answered(named, label, 'keepalive=30')
    assert.deepEqual(both.protocolOptions, { username: 'ada', keepalive: 30 })
    assert.equal(field(both, label).show(both), 'username, keepalive')
    assert.deepEqual(answered(both, label, 'keepalive=').protocolOptions, { username: 'ada' })
    assert.throws(() => answered(mqtt, label, 'ada'), { message: 'It must have the form NAME=VALUE.' })
  })

  it('offer choices that include the current one', () => {
    for (const spec of [
      { url: 'https://h/' },
      { url: 'https://h/', transport: 'http-stream', framing: 'lines', tls: { insecure: true } },
    ] as const)
      for (const asked of fieldsOf(spec)) {
        if (!('choices' in asked)) continue
        assert.ok(asked.choices.includes(asked.show(spec)), asked.label)
        for (const option of asked.choices) {
          const next = answered(spec, asked.label, option)
          assert.equal(asked.show(next), option, asked.label)
        }
      }
  })

  it('take what was typed, or leave it to the settings', () => {
    const poll: ConnectionSpec = { url: 'http://h/', transport: 'poll' }
    assert.equal(answered(poll, 'Interval', ' 250 ').interval, 250)
    assert.equal(answered({ ...poll, interval: 5 }, 'Interval', '').interval, undefined)
    assert.equal(answered(poll, 'Cursor', 'json:/next:since').cursor, 'json:/next:since')
    assert.equal(answered(poll, 'Reconnect', '250').reconnect, 250)
    assert.equal(answered(poll, 'Reconnect', 'never').reconnect, 'never')
    assert.equal(answered({ ...poll, reconnect: 'never' }, 'Reconnect', '').reconnect, undefined)
    assert.equal(answered(poll, 'Method', ' put ').method, 'PUT')
    assert.equal(answered({ ...poll, body: 'x' }, 'Body', '').body, undefined)
    assert.deepEqual(answered({ url: 'ws://h/' }, 'Subprotocols', ' a,, b ').subprotocols, ['a', 'b'])
  })

  it('refuse a wrong value in a sentence that says what it must be', () => {
    const poll: ConnectionSpec = { url: 'http://h/', transport: 'poll' }
    const wrong: readonly [string, string, RegExp][] = [
      ['Interval', 'often', /"interval" must be a whole number from 0/],
      ['Interval', '1.5', /"interval" must be a whole number/],
      ['Cursor', 'json:next:since', /"cursor" must be auto, none, header:/],
      ['Reconnect', 'sometimes', /"reconnect" must be never, backoff, or milliseconds/],
      ['Headers', 'no colon', /written as Name: value/],
      ['Method', 'GET IT', /"method" must be an HTTP method/],
    ]
    for (const [label, answer, message] of wrong)
      assert.throws(() => answered(poll, label, answer), { message }, `${label} ${answer}`)
  })
})
