/** Imports of Insomnia. */
import assert from 'node:assert/strict'
import { readForeign } from '../../../src/request/imports/importers.ts'
import { INSOMNIA } from '../../../src/request/imports/insomnia/importer.ts'
import { fixture, fixtures } from './fixtures.ts'
import { textThatReadsBack } from './reads-back.ts'

describe('imports of Insomnia', () => {
  it('reads a collection of version 5', async () => {
    const imported = await readForeign(fixture('insomnia/chat-5.0.yaml'))
    assert.equal(
      textThatReadsBack({ ...imported, environments: [] }),
      `# Chat
# Not imported:
# - The folder Rooms has variables, which apply to all requests here.
# - The folder Rooms has scripts, which were not imported.
# - The values of secrets were not written: CHAT_X_STUDIO.

@room = lobby
@X-Studio = {{$secret CHAT_X_STUDIO}}

### Rooms / Watch
# Not imported:
# - Its scripts were not imported.
# - Sent as text, because nothing here does the same: {% response 'body', 'req_1', 'b64::JC5pZA==::46b', 'never', 60 %}.
POST http://{{host}}/rooms
Content-Type: application/json
Accept: text/event-stream
X-Studio: {{X-Studio}}

{"rooms": ["{{room}}"], "from": "{% response 'body', 'req_1', 'b64::JC5pZA==::46b', 'never', 60 %}"}

### Rooms / Talk
# Talks in a room.
# Not imported:
# - Disabled headers and fields were left out: 1.
WEBSOCKET ws://{{host}}/rooms/{{room}}?since=two%20days
X-Request: {{$uuid}}
Authorization: Bearer {{token}}

### Admin
# @option protocol socket.io
# @option protocol-option namespace=/admin
WEBSOCKET ws://{{host}}/socket.io/
`,
    )
    assert.deepEqual(imported.environments, [
      {
        name: '$shared',
        variables: [
          { name: 'host', value: '127.0.0.1:8080' },
          { name: 'limits.rooms', value: '3' },
        ],
      },
      {
        name: 'Staging',
        variables: [
          { name: 'host', value: 'staging.example' },
          { name: 'token', value: '9f3c1e7d5b' },
        ],
      },
    ])
  })

  it('reads what Insomnia makes of a curl command, a HAR file and a Postman collection', async () => {
    const texts: string[] = []
    for (const name of ['events', 'log', 'rooms'])
      texts.push(textThatReadsBack(await readForeign(fixture(`insomnia/${name}-4.json`))))
    assert.deepEqual(texts, [
      `# Not imported:
# - The values of secrets were not written: CREDENTIALS.

### http://127.0.0.1:8080/events
GET http://127.0.0.1:8080/events?since=0
Accept: text/event-stream
X-Client: studio
Authorization: Basic {{$secret CREDENTIALS}}
`,
      `### Log
POST http://127.0.0.1:8080/log?tail=5
Accept: application/x-ndjson
Content-Type: application/x-www-form-urlencoded

room=a%20b
`,
      `# Not imported:
# - The folder Rooms has variables, which apply to all requests here.

@base = http://127.0.0.1:8080

### Rooms / Admin / Watch
GET {{base}}/rooms/1/watch
Accept: text/event-stream
Authorization: Bearer {{token}}
`,
    ])
  })

  it('reads WebSockets and environments of version 4, whatever the order of its resources', async () => {
    const resources = [
      {
        _id: 'ws-req_1',
        _type: 'websocket_request',
        parentId: 'fld_1',
        name: 'Live',
        url: 'wss://{{ _.host }}/',
      },
      { _id: 'env_2', _type: 'environment', parentId: 'env_1', name: 'dev', data: { host: 'dev.example' } },
      { _id: 'env_1', _type: 'environment', parentId: 'wrk_1', name: 'Base', data: { host: 'h.example' } },
      { _id: 'fld_1', _type: 'request_group', parentId: 'wrk_1', name: 'Feeds' },
      { _id: 'wrk_1', _type: 'workspace', parentId: null, name: 'Shop' },
      { _id: 'greq_1', _type: 'grpc_request', parentId: 'wrk_1', name: 'Call', url: 'grpc://h' },
    ]
    const text = JSON.stringify({ _type: 'export', __export_format: 4, resources })
    const imported = await readForeign({ path: 'shop.json', text })
    assert.equal(
      textThatReadsBack({ ...imported, environments: [] }),
      `# Shop
# Not imported:
# - Call was not imported: it is a gRPC request.

### Feeds / Live
WEBSOCKET wss://{{host}}/
`,
    )
    assert.deepEqual(imported.environments, [
      { name: '$shared', variables: [{ name: 'host', value: 'h.example' }] },
      { name: 'dev', variables: [{ name: 'host', value: 'dev.example' }] },
    ])
  })

  it('ends at folders that contain each other', async () => {
    const folders = ['a', 'b'].flatMap((name) => [
      { _id: 'x', _type: 'request_group', parentId: 'x', name },
      { _id: 'x', _type: 'request_group', parentId: 'wrk_1', name },
    ])
    const request = {
      _id: 'req_1',
      _type: 'request',
      parentId: 'x',
      name: 'R',
      method: 'GET',
      url: 'http://h/',
    }
    const text = JSON.stringify({ __export_format: 4, resources: [...folders, request] })
    assert.equal((await readForeign({ text })).requests.length, 1)
  })

  it('knows its files at a glance', () => {
    for (const file of fixtures('insomnia')) assert.equal(INSOMNIA.recognizes(file), true, file.path)
    for (const file of [...fixtures('bruno'), ...fixtures('asyncapi')])
      assert.equal(INSOMNIA.recognizes(file), false, file.path)
  })
})
