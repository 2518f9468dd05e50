/** Imports of Bruno. */
import assert from 'node:assert/strict'
import { BRUNO } from '../../../../src/request/imports/bruno/importer.ts'
import { readAllForeign, readForeign } from '../../../../src/request/imports/importers.ts'
import { fixture, fixtures } from '../fixtures.ts'
import { textThatReadsBack } from '../reads-back.ts'

const WHOLE = `# Demo
# Not imported:
# - Variables that apply to all requests here were only for: Feeds, Events.
# - The values of secrets were not written: DEMO_CREDENTIALS.

@room = eur
@since = 0

### Feeds / Ticker
# Prices, as they change.
# Not imported:
# - Disabled headers and fields were left out: 1.
# - Its keep-alive interval of 10000 ms was not imported.
# @option timeout 5000
WEBSOCKET wss://{{host}}/ticker?room={{room}}
X-Client: demo
X-All: yes
Authorization: Bearer {{token}}

# @message subscribe
{
  "action": "subscribe",
  "room": "{{room}}"
}
===
# @message ping
ping

### Feeds / Events
# Not imported:
# - Its scripts were not imported.
# - Its tests and assertions were not imported; write them as # @expect.
# - Its variables from responses were not imported; write them as # @set.
POST https://{{host}}/rooms/7/events?since=0
Accept: text/event-stream
X-All: yes
Authorization: Basic {{$secret DEMO_CREDENTIALS}}
Content-Type: application/json

{"room": "{{room}}"}
`

const ENVIRONMENTS = [
  { name: '$shared', variables: [{ name: 'room', value: 'eur' }] },
  {
    name: 'Local',
    variables: [
      { name: 'host', value: '127.0.0.1:8080' },
      { name: 'token', value: '{{$secret TOKEN}}' },
    ],
  },
]

describe('imports of Bruno', () => {
  for (const language of ['bru', 'yml'])
    it(`reads a collection in .${language} files, with what its folders say`, async () => {
      const imported = await readAllForeign(fixtures(`bruno/${language}`))
      assert.equal(textThatReadsBack({ ...imported, environments: [] }), WHOLE)
      assert.deepEqual(imported.environments, ENVIRONMENTS)
    })

  it('reads one file, and says what it lacks', async () => {
    const imported = await readForeign(fixture('bruno/bru/Feeds/Events.bru'))
    assert.match(
      textThatReadsBack({ ...imported, environments: [] }),
      /# - It inherits its credentials from a file that was not imported\./,
    )
  })

  it('reads a collection that is exported as one file', async () => {
    const text = `opencollection: 1.0.0
info:
  name: All
config:
  environments:
    - name: dev
      variables:
        - { name: host, value: h.example }
        - { name: key, secret: true }
items:
  - info: { name: Feeds, type: folder }
    request:
      auth: { type: bearer, token: "{{key}}" }
    items:
      - info: { name: One, type: websocket }
        websocket: { url: "ws://{{host}}/", auth: inherit, message: { type: text, data: "{{$guid}} {{?Who}} {{process.env.HOME}} {{a + 1}}" } }
  - info: { name: Plain, type: http }
    http: { url: "http://{{host}}/", auth: inherit }
`
    const imported = await readForeign({ path: 'all.yml', text })
    assert.equal(
      textThatReadsBack({ ...imported, environments: [] }),
      `# All

### Plain
# Not imported:
# - It inherits its credentials from a file that was not imported.
GET http://{{host}}/

### Feeds / One
# Not imported:
# - Sent as text, because nothing here does the same: {{a + 1}}.
WEBSOCKET ws://{{host}}/
Authorization: Bearer {{key}}

{{$uuid}} {{$prompt Who}} {{$processEnv HOME}} {{$braces}}a + 1}}
`,
    )
    assert.deepEqual(imported.environments?.[0]?.variables, [
      { name: 'host', value: 'h.example' },
      { name: 'key', value: '{{$secret KEY}}' },
    ])
  })

  it('takes over binary messages, forms and GraphQL, and says what it does not', async () => {
    const socket = `meta {
  name: A
  type: ws
}

ws {
  url: {{url}}
}

body:ws {
  name: bytes
  type: binary
  content: aGVsbG8=
}
`
    const form = `meta {
  name: B
}

post {
  url: http://h/
  body: formUrlEncoded
  auth: apikey
}

auth:apikey {
  key: X-Studio
  value: b7c91d5e
  placement: header
}

body:form-urlencoded {
  a: x y
  b: {{c}}
}
`
    const graphql = `post {
  url: http://h/graphql
  body: graphql
  auth: awsv4
}

auth:awsv4 {
  accessKeyId: a
}

body:graphql {
  { rooms { id } }
}

body:graphql:vars {
  { "a": 1 }
}
`
    const file = `put {
  url: http://h/
  body: file
}

body:file {
  file: @file(a.bin) @contentType(application/octet-stream)
}
`
    const grpc = `grpc {
  url: grpc://h
  method: /a/b
}
`
    const texts = Object.entries({ socket, form, graphql, file, grpc })
    const files = texts.map(([name, text]) => ({ path: `${name}.bru`, text }))
    const imported = await BRUNO.readTogether?.(files)
    assert.ok(imported !== undefined)
    assert.equal(
      textThatReadsBack({
        ...imported,
        requests: imported.requests.toSorted((one, other) => (`${one.title}` < `${other.title}` ? -1 : 1)),
      }),
      `# Not imported:
# - grpc was not imported: it is a gRPC request.
# - The values of secrets were not written: X_STUDIO.

@X-Studio = {{$secret X_STUDIO}}

### A
WEBSOCKET {{url}}

# @message bytes
# @format base64
aGVsbG8=

### B
POST http://h/
X-Studio: {{X-Studio}}
Content-Type: application/x-www-form-urlencoded

a=x%20y&b={{c}}

### file
# Not imported:
# - Its body (file) was not imported; write it here.
PUT http://h/

### graphql
# Not imported:
# - Its credentials (awsv4) were not imported; add them here.
POST http://h/graphql
Content-Type: application/json

{ "query": "{ rooms { id } }", "variables": { "a": 1 } }
`,
    )
  })

  it('knows its files at a glance', () => {
    for (const file of [...fixtures('bruno/bru'), ...fixtures('bruno/yml')])
      assert.equal(BRUNO.recognizes(file), true, file.path)
    assert.equal(BRUNO.recognizes({ text: 'meta {\n  name: A\n}\n' }), true)
    for (const file of [...fixtures('insomnia'), ...fixtures('asyncapi')])
      assert.equal(BRUNO.recognizes(file), false, file.path)
    assert.equal(
      BRUNO.recognizes({ path: 'docker-compose.yml', text: 'services:\n  a:\n    image: b\n' }),
      false,
    )
  })
})
