/** Imports of AsyncAPI documents. */
import assert from 'node:assert/strict'
import { ASYNCAPI } from '../../../src/request/imports/asyncapi/importer.ts'
import { httpTextOf } from '../../../src/request/imports/http-text.ts'
import { readForeign } from '../../../src/request/imports/importers.ts'
import { fixture, fixtures } from './fixtures.ts'
import { textThatReadsBack } from './reads-back.ts'

const CHAT = `# Chat

@host = 127.0.0.1:8080
@room = lobby

### /rooms/{room} on local
# Not imported:
# - Optional query parameters and headers: limit.
# - Messages without an example were not imported: leave.
# @option send manual
WEBSOCKET ws://{{host}}/rooms/{{room}}?since=0
X-Client: studio
Authorization: Bearer {{$secret TOKEN}}

# @message say
{
  "type": "say",
  "text": "hello"
}
`

async function textOf(path: string): Promise<string> {
  return textThatReadsBack(await readForeign(fixture(`asyncapi/${path}`)))
}

async function imported(text: string): Promise<string> {
  return textThatReadsBack(await readForeign({ path: 'api.yaml', text }))
}

describe('imports of AsyncAPI', () => {
  it('reads the same from version 2 and from what the converter of AsyncAPI makes of it', async () => {
    assert.equal(await textOf('chat-2.6.yaml'), CHAT)
    assert.equal(await textOf('chat-3.0.yaml'), CHAT)
  })

  it('speaks Socket.IO if the binding has its parameters', async () => {
    assert.equal(
      await textOf('prices-3.0.yaml'),
      `# Prices

### Root on local
# Namespace /
# Not imported:
# - Messages without an example were not imported: ping, subscribe.
# @option protocol socket.io
WEBSOCKET ws://127.0.0.1:8080/socket.io/
`,
    )
  })

  it('reads HTTP as a stream, and keys as secrets', async () => {
    assert.equal(
      await textOf('slack-2.4.yml'),
      `# Slack Real Time Messaging API

### / on production
# Not imported:
# - The messages that are sent were not imported.
STREAM https://slack.com/api/rtm.connect?token={{$secret API_KEY}}
`,
    )
  })

  it('says which servers it cannot connect to', async () => {
    const { requests, notTaken } = await readForeign(fixture('asyncapi/street-lights-3.0.yml'))
    assert.deepEqual(requests, [])
    assert.match(
      notTaken?.[0] ?? '',
      /^The server scram-connections was not imported: its protocol is kafka-secure\.$/,
    )
    assert.throws(() => httpTextOf({ requests, notTaken: notTaken ?? [] }), { code: 'NOTHING_TO_IMPORT' })
  })

  it('reads event streams, Mercure, several servers, and channels of some of them', async () => {
    const text = `asyncapi: 3.0.0
info: { title: News, version: 1.0.0 }
servers:
  web: { host: news.example, pathname: /v1, protocol: https }
  hub: { host: hub.example, pathname: /.well-known/mercure, protocol: mercure, security: [{ type: http, scheme: basic }] }
channels:
  feed:
    address: feed/{topic}
    servers: [{ $ref: '#/servers/web' }]
    parameters: { topic: { examples: [sports] } }
    messages: { item: { contentType: text/event-stream, payload: { type: object } } }
  books:
    address: https://example.com/books/{id}
    servers: [{ $ref: '#/servers/hub' }]
    messages: { book: { $ref: 'other.yaml#/book' } }
operations:
  read: { action: send, channel: { $ref: '#/channels/feed' } }
  watch: { action: send, channel: { $ref: '#/channels/books' } }
`
    assert.equal(
      await imported(text),
      `# News
# Not imported:
# - References to other files were not followed: other.yaml#/book.

@topic = sports
@id = id

### feed on web
SSE https://news.example/v1/feed/{{topic}}

### books on hub
SSE https://hub.example/.well-known/mercure?topic=https%3A%2F%2Fexample.com%2Fbooks%2F{{id}}
Authorization: Basic {{$secret USER}}:{{$secret PASSWORD}}
`,
    )
  })

  it('has the first example as the body of a POST', async () => {
    const text = `asyncapi: 2.6.0
info: { title: Model, version: 1.0.0 }
servers: { api: { url: 'https://llm.example', protocol: https } }
channels:
  chat:
    publish:
      bindings: { http: { type: request, method: POST } }
      message: { examples: [{ payload: { stream: true, prompt: '{{hi}}' } }] }
    subscribe: { message: { contentType: text/event-stream } }
`
    assert.equal(
      await imported(text),
      `# Model

### chat on api
SSE https://llm.example/chat
Content-Type: application/json

{
  "stream": true,
  "prompt": "{{$braces}}hi}}"
}
`,
    )
  })

  it('ends at references that refer to each other', async () => {
    const text = `asyncapi: 2.6.0
info: { title: Loop, version: 1.0.0 }
servers: { a: { url: 'ws://h.example', protocol: ws } }
channels:
  loop: { $ref: '#/channels/other' }
  other: { $ref: '#/channels/loop' }
  self:
    publish: { message: { $ref: '#/components/messages/a' } }
components:
  messages:
    a: { oneOf: [{ $ref: '#/components/messages/a' }] }
`
    assert.match(await imported(text), /### self on a/)
  })

  it('knows its files at a glance', () => {
    for (const file of fixtures('asyncapi')) assert.equal(ASYNCAPI.recognizes(file), true, file.path)
    assert.equal(ASYNCAPI.recognizes({ text: '{"asyncapi":"2.6.0"}' }), true)
    assert.equal(ASYNCAPI.recognizes({ text: '{\n  "id": "a",\n  "asyncapi": "3.0.0"\n}' }), true)
    for (const file of [...fixtures('bruno'), ...fixtures('insomnia')])
      assert.equal(ASYNCAPI.recognizes(file), false, file.path)
    assert.equal(ASYNCAPI.recognizes({ text: 'openapi: 3.0.0' }), false)
  })
})
