import assert from 'node:assert/strict'
import { METHOD_KEYWORDS } from '../../../src/request/file/methods.ts'
import { SETTINGS } from '../../../src/request/file/settings.ts'
import { type Completion, completionsAt } from '../../../src/request/language/completions.ts'
import {
  EXPECTATION_FORMS,
  KEEP_ALIVE_FORMS,
  RULE_FORMS,
} from '../../../src/request/language/directive-forms.ts'
import { PRESETS } from '../../../src/request/presets/table.ts'
import { parseExpectation } from '../../../src/shared/expectation.ts'
import { parseKeepAlive } from '../../../src/shared/keep-alive.ts'
import { parseRule } from '../../../src/shared/rule.ts'
import { SPOKEN_NAMES } from '../../../src/shared/spoken/table.ts'
import { atCursor } from './at-cursor.ts'

const SOURCES = {
  variables: [{ name: 'host', detail: 'localhost' }],
  secrets: ['TOKEN'],
  auths: [{ name: 'api', detail: 'Client Credentials' }],
}

function completions(marked: string): Completion[] {
  const { file, offset } = atCursor(marked)
  return completionsAt(file, offset, SOURCES)
}

function labels(marked: string): string[] {
  return completions(marked).map(({ label }) => label)
}

/** The text after a completion was chosen. Snippets stay as they are. */
function chosen(marked: string, label: string): string {
  const { file } = atCursor(marked)
  const found = completions(marked).find((each) => each.label === label) ?? assert.fail(label)
  return file.text.slice(0, found.span.start) + found.insert + file.text.slice(found.span.end)
}

describe('completions', () => {
  it('offer the tokens of Security.Auth by their names', () => {
    const marked = '### A\nGET http://a/\nAuthorization: Bearer {{$auth|'
    assert.ok(labels(marked).includes('$auth.token("api")'))
    assert.equal(
      chosen(marked, '$auth.token("api")'),
      '### A\nGET http://a/\nAuthorization: Bearer {{$auth.token("api")}}',
    )
  })

  it('offer every method that runs, and whole requests', () => {
    const offered = labels('### A\n|')
    for (const keyword of METHOD_KEYWORDS)
      assert.equal(
        offered.includes(keyword),
        !['GRAPHQL', 'GRPC', 'MQTT', 'AMQP', 'RSOCKET'].includes(keyword),
        keyword,
      )
    for (const snippet of ['websocket', 'sse', 'long-poll', ...PRESETS.map(({ name }) => name)])
      assert.ok(offered.includes(snippet), snippet)
    assert.equal(chosen('WEB|', 'WEBSOCKET'), 'WEBSOCKET ')
  })

  it('offer headers, and values of some', () => {
    assert.equal(chosen('GET http://a\nAcc|', 'Accept'), 'GET http://a\nAccept: ')
    assert.equal(chosen('GET http://a\nAcc|: x', 'Accept'), 'GET http://a\nAccept: x')
    assert.equal(
      chosen('GET http://a\naccept: te|', 'text/event-stream'),
      'GET http://a\naccept: text/event-stream',
    )
    assert.ok(labels('WS ws://a\nSec-WebSocket-Protocol: mqtt, |').includes('graphql-transport-ws'))
    assert.deepEqual(labels('GET http://a\nX-Mine: |'), [])
  })

  it('offer every option with its choices', () => {
    const offered = labels('# @option |')
    for (const { name } of SETTINGS) assert.ok(offered.includes(name), name)
    assert.ok(!offered.includes('name'))
    assert.ok(labels('# @|').includes('set'))
    assert.ok(labels('# @|').includes('max-messages'))
    assert.equal(chosen('# @option time|', 'timeout'), '# @option timeout ')
    assert.equal(chosen('# @insec|', 'insecure'), '# @insecure')
    assert.deepEqual(labels('# @option protocol |'), SPOKEN_NAMES)
    assert.ok(labels('# @option reconnect |').includes('backoff'))
    assert.ok(labels('# @option framing |').includes('ndjson'))
  })

  it('offer the forms of expectations, which are valid', () => {
    for (const marked of ['WS ws://a\n\nhello\n?? |', '# @expect |\nWS ws://a'])
      assert.ok(labels(marked).includes('FILTER within 2s'), marked)
    assert.ok(labels('WS ws://a\n\nhello\n# @|').includes('expect'))
    for (const { body } of EXPECTATION_FORMS)
      parseExpectation(body.replaceAll(/\$\{\d[:|]([^},|]*)[^}]*\}/g, '$1'))
  })

  it('offer the forms of rules and keep-alive messages, which are valid', () => {
    assert.ok(labels('# @on |\nWS ws://a').includes('FILTER => @mark TEXT'))
    assert.deepEqual(labels('# @keep-alive |\nWS ws://a'), ['30 s => TEXT'])
    const written = (body: string) => body.replaceAll(/\$\{\d:((?:\\.|[^}])*)\}/g, '$1').replaceAll('\\', '')
    for (const { body } of RULE_FORMS) parseRule(written(body))
    for (const { body } of KEEP_ALIVE_FORMS) parseKeepAlive(written(body))
  })

  it('offer the options of the protocol that the request speaks', () => {
    assert.ok(labels('# @option protocol mqtt\n# @option protocol-option |\nWS ws://a').includes('clientId='))
    assert.deepEqual(labels('# @option protocol-option |\nWS ws://a'), [])
  })

  it('offer variables, kept secrets and built-in values, and close the braces', () => {
    assert.equal(chosen('GET http://{{|', 'host'), 'GET http://{{host}}')
    assert.equal(chosen('GET http://{{h|}}', 'host'), 'GET http://{{host}}')
    assert.equal(chosen('GET http://{{$|', '$secret TOKEN'), 'GET http://{{$secret TOKEN}}')
    assert.equal(chosen('GET http://{{$secret |}}', 'TOKEN'), 'GET http://{{$secret TOKEN}}')
    assert.equal(chosen('GET http://{{$uu|', '$uuid'), 'GET http://{{$uuid}}')
    assert.ok(labels('GET http://{{|').includes('$prompt'))
  })

  it('offer what separates messages, files, and the messages of a protocol', () => {
    assert.deepEqual(labels('WS ws://a\n\n|'), ['< ', '<@ ', '# @expect '])
    assert.deepEqual(labels('WS ws://a\n\nhello\n|').slice(0, 2), ['===', '=== wait-for-server'])
    assert.ok(!labels('POST http://a\n\nhello\n|').includes('==='))
    const emit = completions('# @option protocol socket.io\nWS ws://a\n\n|').find(
      ({ label }) => label === 'emit',
    )
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of snippets
    assert.equal(emit?.insert, '{ "event": "${1:}" }$0')
  })

  it('offer nothing in the text of a message', () => {
    assert.deepEqual(labels('WS ws://a\n\nhel|lo'), [])
  })
})
