/** What the side bar says of connections, recordings and servers. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../scripts/paths.ts'
import { parseRequestFile } from '../../src/request/file/parse.ts'
import { NOTHING_SERVED_YET, type ServedSession } from '../../src/shared/protocol/served.ts'
import { type ConnectionStatus, newStatus } from '../../src/shared/status.ts'
import { type ConnectionFacts, connectionTooltip, lookOf } from '../../src/vscode/side-bar/connection-look.ts'
import { programLook, programTooltip } from '../../src/vscode/side-bar/program-look.ts'
import { clockSpan, recordingLook, recordingTooltip } from '../../src/vscode/side-bar/recording-look.ts'
import { requestFileLook, requestLook, requestTooltip } from '../../src/vscode/side-bar/request-look.ts'
import { serverLook, serverTooltip } from '../../src/vscode/side-bar/server-look.ts'
import { meantArguments, TreeRow } from '../../src/vscode/side-bar/tree-row.ts'
import { UnreadErrors } from '../../src/vscode/side-bar/unread-errors.ts'

const FACTS: ConnectionFacts = {
  name: 'chat',
  color: 3,
  unread: 0,
  interval: undefined,
  hasRequest: false,
}

function status(part: Partial<ConnectionStatus>): ConnectionStatus {
  return { ...newStatus(7), url: 'wss://h/chat?token=***', transport: 'websocket', state: 'open', ...part }
}

describe('a connection in the side bar', () => {
  const says = (part: Partial<ConnectionStatus>, facts: Partial<ConnectionFacts> = {}) =>
    lookOf(status(part), { ...FACTS, ...facts }).description

  it('says what it is doing in a few words', () => {
    assert.equal(says({}), 'open')
    assert.equal(says({ rate: 2.5, reconnects: 1 }), '2.5/s · 1 reconnect')
    assert.equal(says({ rate: 9, transport: 'poll' }, { interval: 2000 }), 'every 2 s')
    assert.equal(says({ transport: 'poll' }, { interval: 250 }), 'every 250 ms')
    assert.equal(says({ stalled: true }), 'reading paused')
    assert.equal(says({ state: 'connecting' }), 'connecting')
    const retry = { attempt: 2, at: 0, reason: 'connection refused' }
    assert.equal(says({ state: 'waiting', retry, reconnects: 2 }), 'retry 2 · 2 reconnects')
    const error = 'Connecting to wss://h failed: 401 Unauthorized; check the token.'
    assert.equal(says({ state: 'failed', error }), '401 Unauthorized')
    const refused = '127.0.0.1:46009 refused the connection; check that the server runs.'
    assert.equal(says({ state: 'failed', error: refused }), 'refused the connection')
  })

  it('says who ended it: a response is complete, a WebSocket is closed by one side', () => {
    assert.equal(says({ state: 'closed' }), 'closed')
    assert.equal(says({ state: 'closed', closedBy: 'client' }), 'closed')
    assert.equal(says({ state: 'closed', closedBy: 'server' }), 'closed by the server')
    assert.equal(says({ state: 'closed', closedBy: 'server', transport: 'sse' }), 'complete')
  })

  it('has the color that the panel has, and another icon for each state', () => {
    const open = lookOf(status({}), FACTS)
    assert.deepEqual([open.icon, open.color], ['circle-filled', 'realtimeInspector.connection3'])
    const failed = lookOf(status({ state: 'failed' }), FACTS)
    assert.deepEqual([failed.icon, failed.color], ['error', 'list.errorForeground'])
    assert.equal(lookOf(status({ state: 'closed' }), FACTS).icon, 'circle-outline')
  })

  it('names its kind for menus, and all that it shows for screen readers', () => {
    assert.equal(lookOf(status({}), FACTS).context, 'connection live open own')
    assert.equal(lookOf(status({ state: 'failed' }), FACTS).context, 'connection ended failed own')
    assert.equal(
      lookOf(status({}), { ...FACTS, hasRequest: true }).context,
      'connection live open own requested',
    )
    const { spoken } = lookOf(status({ rate: 2 }), { ...FACTS, unread: 2 })
    assert.equal(spoken, 'chat, WebSocket, open, 2/s, 2 errors not seen yet')
    assert.equal(lookOf(status({}), FACTS).spoken, 'chat, WebSocket, open')
  })

  it('of another program has nothing in its menu that needs to know how it was opened', () => {
    const seen = lookOf(status({ source: 'proxy', state: 'closed' }), FACTS).context
    const own = lookOf(status({ state: 'closed' }), FACTS).context
    const needy = ['reconnect', 'duplicateConnection', 'editConnection'].map(
      (name) => `realtimeInspector.${name}`,
    )
    const { contributes } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      contributes: { menus: { 'view/item/context': { command: string; when: string }[] } }
    }
    const entries = contributes.menus['view/item/context'].filter(({ command }) => needy.includes(command))
    const offered = (context: string) =>
      entries.filter(({ when }) =>
        [...when.matchAll(/viewItem =~ \/(.*?)\/(?= |$)/g)].every(([, pattern = '']) =>
          new RegExp(pattern).test(context),
        ),
      )
    assert.deepEqual(offered(seen), [])
    assert.deepEqual([...new Set(offered(own).map(({ command }) => command))].sort(), needy.sort())
  })

  it('has the details in its hover', () => {
    const text = connectionTooltip(
      status({ messagesIn: 1200, bytesIn: 5000, reconnects: 1, errors: 3, lastError: 'It was reset.' }),
      '2026-11-23T05:00:00.000Z',
      { ...FACTS, unread: 3 },
    )
    const [url, since, ...rest] = text.split('\n')
    assert.equal(url, 'wss://h/chat?token=***')
    assert.match(since ?? '', /^WebSocket, open since \d+:\d\d:\d\d/)
    assert.deepEqual(rest, [
      'Received: 1,200 messages, 5.0 kB',
      '1 reconnect',
      '3 errors not seen yet',
      'Last of 3 errors: It was reset.',
    ])
    const poll = status({ transport: 'poll', responses: 9, emptyResponses: 4 })
    assert.match(connectionTooltip(poll, '', FACTS), /^polling, open\n.*\nResponses: 9, 4 of them empty$/m)
  })
})

describe('an inspected program in the side bar', () => {
  const target = { type: 'worker', title: '', url: 'http://h/w.js' }
  const attachment = {
    ...{ id: 1, endpoint: 'http://127.0.0.1:9222', program: 'Chrome/141.0' },
    ...{ targets: Array.from({ length: 10 }, () => target), limits: ['Pings are not reported.'] },
  }
  const program = {
    key: '1',
    name: 'page',
    isDebugged: true,
    attachments: [attachment],
    detach: async () => {},
  }

  it('shows its connections as soon as there are any', () => {
    assert.deepEqual(
      [0, 2].map((count) => [programLook(program, count).description, programLook(program, count).folding]),
      [
        ['being debugged · waiting for traffic', 'expanded'],
        ['being debugged · 2 connections', 'expanded'],
      ],
    )
    const attached = programLook({ ...program, isDebugged: false }, 1)
    assert.equal(attached.description, 'http://127.0.0.1:9222 · 1 connection')
  })

  it('says in its hover what is followed, and what cannot be seen', () => {
    const lines = programTooltip(program).split('\n')
    assert.deepEqual(
      [lines[0], lines[1], ...lines.slice(-2)],
      ['Chrome/141.0', 'worker: http://h/w.js', 'and 2 more', 'Pings are not reported.'],
    )
  })
})

describe('unread errors', () => {
  it('are counted from the last time that the user has seen them', () => {
    let connections = [status({ id: 1, errors: 2 }), status({ id: 2 })]
    let reset: (reset: { why: 'replaced' | 'cleared' }) => void = () => {}
    const unread = new UnreadErrors({
      get connections() {
        return connections
      },
      on: (_, listener) => {
        reset = listener
      },
    })
    let told = 0
    const subscription = unread.onSeen(() => told++)
    assert.equal(unread.total, 2)
    unread.see(1)
    assert.deepEqual([unread.total, told], [0, 1])
    connections = [status({ id: 1, errors: 3 }), status({ id: 2, errors: 4 })]
    assert.deepEqual([...connections.map((each) => unread.of(each)), unread.total], [1, 4, 5])
    subscription.dispose()
    unread.see()
    assert.deepEqual([unread.total, told], [0, 1])
    reset({ why: 'cleared' })
    assert.equal(unread.total, 0)
    // Another engine counts from 1 again.
    reset({ why: 'replaced' })
    assert.equal(unread.total, 7)
  })
})

describe('a request in the side bar', () => {
  const { requests } = parseRequestFile(`### Chat room
# @name chat
# @option protocol socket.io
WEBSOCKET wss://{{host}}/socket.io/?token=hunter2

{ "event": "join" }

### explain
GET https://{{host}}/explain
Accept: text/event-stream

### status
# @interval 2000
POLL https://{{host}}/status
`)
  const looks = requests.map((request) => requestLook(request.name?.text ?? '', request, undefined))

  it('has its technique, and the icon of it', () => {
    assert.deepEqual(
      looks.map(({ label, description, icon }) => [label, description, icon]),
      [
        ['chat', 'socket.io', 'arrow-swap'],
        ['explain', 'GET', 'arrow-right'],
        ['status', 'polling', 'sync'],
      ],
    )
    assert.equal(looks[0]?.context, 'request')
  })

  it('says what its connection is doing, in the color of the connection while it is open', () => {
    const [chat] = requests
    assert.ok(chat)
    const open = requestLook('chat', chat, { status: status({ rate: 2 }), color: 4, interval: undefined })
    assert.deepEqual([open.description, open.color], ['socket.io · 2/s', 'realtimeInspector.connection4'])
    assert.equal(open.context, 'request live ran')
    const ended = { status: status({ state: 'closed' }), color: 4, interval: undefined }
    assert.deepEqual(requestLook('chat', chat, ended).color, undefined)
    assert.equal(requestLook('chat', chat, ended).context, 'request ran')
  })

  it('has its URL in the hover, without secrets, and its place', () => {
    const [chat] = requests
    assert.ok(chat)
    assert.deepEqual(requestTooltip(chat, 'api/shop.http', 4).split('\n'), [
      'Chat room',
      'WEBSOCKET wss://{{host}}/socket.io/?token=***',
      'Messages: 1',
      'api/shop.http, line 4',
    ])
  })

  it('is under its file, which has its folder', () => {
    const { label, description, spoken } = requestFileLook('api/v1/shop.http', 3)
    assert.deepEqual([label, description, spoken], ['shop.http', 'api/v1', 'shop.http · api/v1 · 3 requests'])
    assert.equal(requestFileLook('shop.http', 1).description, '')
  })
})

describe('a recording in the side bar', () => {
  const uri = { path: '/w/rec/golden.rtsession' } as Parameters<typeof recordingLook>[0]['uri']
  const file = { uri, path: 'rec/golden.rtsession', size: 1_200_000, modified: 0 }
  const summary = { startedAt: 0, events: 12, connections: 3, duration: 130_000 }

  it('says what it holds, as far as that is known', () => {
    assert.equal(recordingLook({ ...file, known: undefined }).description, '1.2 MB')
    const look = recordingLook({ ...file, known: { summary } })
    assert.equal(look.description, '2:10 · 1.2 MB · 3 connections')
    assert.equal(look.context, 'recording rtsession')
    assert.equal(look.spoken, 'golden.rtsession, 2:10 · 1.2 MB · 3 connections')
    const partial = { summary: { ...summary, isPartial: true as const } }
    assert.equal(
      recordingLook({ ...file, known: partial }, 'rec').description?.slice(0, 15),
      'rec · over 2:10',
    )
    const broken = recordingLook({ ...file, known: { problem: 'Not a session.' } })
    assert.deepEqual([broken.description, broken.icon], ['cannot be read · 1.2 MB', 'warning'])
    assert.match(recordingTooltip({ ...file, known: { problem: 'Not a session.' } }), /\nNot a session\.\n/)
    assert.match(
      recordingTooltip({ ...file, known: { summary } }),
      /^rec\/golden\.rtsession\nRecorded: .*1970.*\nDuration: 2:10\n3 connections, 12 events\n1\.2 MB, changed /,
    )
  })

  it('writes durations as a clock does', () => {
    assert.deepEqual([0, 400, 59_700, 130_000, 871_000, 3_725_000].map(clockSpan), [
      '0:00',
      '0:00',
      '1:00',
      '2:10',
      '14:31',
      '1:02:05',
    ])
  })
})

describe('a mock server in the side bar', () => {
  const served: ServedSession = {
    ...NOTHING_SERVED_YET,
    ...{ id: 1, name: 'golden.rtsession', how: '×1', notes: [] },
    endpoints: [{ url: 'ws://127.0.0.1:8123/chat', transport: 'websocket', connection: 1 }],
  }

  it('has its port, its file, its clients and what they asked in vain', () => {
    const look = serverLook(served)
    assert.deepEqual([look.label, look.description], ['Mock :8123', 'golden.rtsession'])
    const busy = {
      ...served,
      clients: 2,
      ever: 5,
      troubleCount: 3,
      troubles: [{ text: 'No such path.', count: 3 }],
    }
    assert.equal(serverLook(busy).description, 'golden.rtsession · 2 clients · 3 not as recorded')
    assert.equal(serverLook(busy).color, 'list.warningForeground')
    assert.deepEqual(serverTooltip(busy).split('\n'), [
      'Serves golden.rtsession: ×1',
      'ws://127.0.0.1:8123/chat',
      '2 clients now, 5 since it started',
      'No such path. (×3)',
    ])
  })
})

describe('the argument of a command in the side bar', () => {
  const menu = [
    { command: 'open', when: 'view == recordings && viewItem =~ /x/' },
    { command: 'disconnect', when: 'view == connections' },
  ]
  const row = new TreeRow('recordings', 'a')

  it('is a row only if the menu of the row has the command', () => {
    assert.deepEqual(meantArguments('open', [row, [row]], menu), [row, [row]])
    assert.deepEqual(meantArguments('connect', [row, [row]], menu), [])
    assert.deepEqual(meantArguments('disconnect', [row], menu), [])
    assert.deepEqual(meantArguments('connect', [{ url: 'ws://h' }], menu), [{ url: 'ws://h' }])
  })
})
