/** The tools for agents, as a client of the Model Context Protocol uses them. */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WebSocket } from 'ws'
import { TOOLS } from '../../../src/agents/tools.ts'
import { cliTests, startCli } from '../../support/cli.ts'
import { refusedUrl, serveWebSocket } from '../../support/loopback.ts'
import { closeMcpClients, McpClient } from '../../support/mcp-client.ts'
import { message, opened } from '../../support/recording.ts'
import { writeHar, writeSession } from '../../support/recording-file.ts'
import { tempDir } from '../../support/temp-dir.ts'

interface Opened {
  readonly connection: number
  readonly state: string
  readonly next: number
  readonly error?: string
}

interface Events {
  readonly events: readonly (Readonly<Record<string, unknown>> & { readonly number: number })[]
  readonly next: number | null
  readonly matches: number
}

/** A server that answers what it is sent. */
const echo = () =>
  serveWebSocket((peer) => peer.on('message', (data, isBinary) => peer.send(data, { binary: isBinary })))

describe('mcp', () => {
  cliTests()
  afterEach(closeMcpClients)

  const allowed = (options = {}) => McpClient.start({ args: ['--allow', 'loopback'], ...options })

  it('lists the tools with schemas and with what they do', async () => {
    const { client } = await McpClient.start()
    const { tools } = await client.listTools()
    assert.deepEqual(
      tools.map(({ name }) => name),
      TOOLS.map(({ name }) => name),
    )
    assert.deepEqual(
      tools.filter(({ annotations }) => annotations?.readOnlyHint !== true).map(({ name }) => name),
      ['realtime_connect', 'realtime_send', 'realtime_disconnect'],
    )
    for (const { name, inputSchema, description = '' } of tools) {
      assert.equal(inputSchema.type, 'object')
      assert.ok(description.length > 50 && description.length <= 1024, `${name}: ${description.length}`)
      for (const [field, schema] of Object.entries(inputSchema.properties ?? {}))
        assert.ok('description' in schema, `${name} ${field}`)
    }
    assert.equal(client.getServerVersion()?.name, 'realtime-inspector')
    assert.match(client.getInstructions() ?? '', /never follow instructions/)
  })

  it('opens, sends, waits, reads, diagnoses, lists and ends a connection', async () => {
    const url = await echo()
    const mcp = await allowed()
    const { connection, state, next } = await mcp.get<Opened>('realtime_connect', {
      url: `${url}?token=hunter2`,
      headers: { Authorization: 'Bearer hunter3' },
    })
    assert.deepEqual([connection, state, next], [1, 'open', 1])
    const sent = await mcp.get<{ next: number }>('realtime_send', {
      connection,
      text: '{"type":"ping","n":1}',
    })
    const waited = await mcp.get<{ end: string; event: Events['events'][number]; next: number }>(
      'realtime_wait',
      {
        ...{ connection, from: sent.next, filter: 'dir:in $.n == 1' },
      },
    )
    assert.deepEqual([waited.end, waited.event.text], ['found', '{"type":"ping","n":1}'])
    await mcp.get('realtime_send', { connection, text: '/wA=', format: 'base64' })
    await mcp.get('realtime_wait', { connection, from: waited.next, filter: 'dir:in type:binary' })
    const { events, matches } = await mcp.get<Events>('realtime_events', { connection })
    assert.equal(matches, 6)
    assert.deepEqual(
      events.map(({ number, type, direction, text, base64 }) => [number, type, direction, text ?? base64]),
      [
        [1, 'connect', undefined, undefined],
        [2, 'open', undefined, undefined],
        [3, 'message', 'out', '{"type":"ping","n":1}'],
        [4, 'message', 'in', '{"type":"ping","n":1}'],
        [5, 'message', 'out', '/wA='],
        [6, 'message', 'in', '/wA='],
      ],
    )
    assert.doesNotMatch(JSON.stringify(events), /hunter/)
    const { findings } = await mcp.get<{ findings: readonly { rule: string }[] }>('realtime_diagnose', {
      connection,
    })
    assert.ok(findings.some(({ rule }) => rule.length > 0))
    const ended = await mcp.get<Opened>('realtime_disconnect', { connection })
    assert.equal(ended.state, 'closed')
    const { connections } = await mcp.get<{ connections: readonly Record<string, unknown>[] }>(
      'realtime_list',
    )
    assert.deepEqual(
      connections.map((each) => [
        each.connection,
        each.state,
        each.openedBy,
        each.messagesIn,
        each.messagesOut,
      ]),
      [[1, 'closed', 'agent', 2, 2]],
    )
    assert.doesNotMatch(JSON.stringify(connections), /hunter/)
    assert.equal(mcp.stderr, '')
  })

  it('opens no Unix sockets', async () => {
    const mcp = await McpClient.start({ answer: () => ({ action: 'accept' }) })
    const refused = await mcp.call('realtime_connect', { url: 'http+unix:/var/run/docker.sock:/events' })
    assert.ok(refused.isError)
    assert.match(refused.text, /^Assistants cannot connect to Unix sockets/)
  })

  it('asks the user before it opens and sends, and does what the user says', async () => {
    const url = await echo()
    const asked: string[] = []
    let answer: { action: 'accept' | 'decline'; content?: Record<string, boolean> } = { action: 'decline' }
    const mcp = await McpClient.start({
      answer: (text) => {
        asked.push(text)
        return answer
      },
    })
    const refused = await mcp.call('realtime_connect', { url, headers: { 'X-Key': 'hunter2' } })
    assert.ok(refused.isError)
    assert.match(refused.text, /^The user did not allow it: Opening a connection to ws:/)
    assert.match(asked[0] ?? '', /Opening a connection to ws:.* with the header fields X-Key\.$/)
    answer = { action: 'accept' }
    const { connection } = await mcp.get<Opened>('realtime_connect', { url })
    answer = { action: 'accept', content: { always: true } }
    await mcp.get('realtime_send', { connection, text: 'hi' })
    assert.match(asked[2] ?? '', /Sending 2 bytes to ws:.*: "hi"\.$/)
    await mcp.get('realtime_send', { connection, text: 'again' })
    await mcp.get('realtime_disconnect', { connection })
    assert.equal(asked.length, 3)
  })

  it('says how many bytes a message in base64 has', async () => {
    const asked: string[] = []
    const mcp = await McpClient.start({
      answer: (text) => {
        asked.push(text)
        return { action: 'accept' }
      },
    })
    const { connection } = await mcp.get<Opened>('realtime_connect', { url: await echo() })
    await mcp.get('realtime_send', { connection, text: 'AAEC', format: 'base64' })
    assert.match(asked[1] ?? '', /Sending 3 bytes to ws:.*: "AAEC"\.$/)
  })

  it('opens servers on this machine only if the client cannot ask and no host is allowed', async () => {
    const mcp = await McpClient.start()
    const url = await serveWebSocket((socket) => socket.send('hello'))
    const { state } = await mcp.get<{ state: string }>('realtime_connect', { url })
    assert.equal(state, 'open')
    const refused = await mcp.call('realtime_connect', { url: 'wss://example.com/feed' })
    assert.ok(refused.isError)
    assert.ok(refused.text.endsWith('realtime-inspector mcp --allow example.com'), refused.text)
  })

  it('opens nothing if the client cannot ask, but for the hosts that are allowed', async () => {
    const url = await echo()
    const { host } = new URL(url)
    const mcp = await McpClient.start({ args: ['--allow', 'example.com'] })
    const refused = await mcp.call('realtime_connect', { url })
    assert.ok(refused.isError)
    assert.ok(refused.text.endsWith(`realtime-inspector mcp --allow ${host}`), refused.text)
    assert.equal((await mcp.get<{ events: number }>('realtime_list')).events, 0)
    const other = await McpClient.start({ args: ['--allow', host] })
    assert.equal((await other.get<Opened>('realtime_connect', { url })).state, 'open')
  })

  it('says in a sentence what is wrong', async () => {
    const mcp = await allowed()
    const refused = await refusedUrl()
    const failed = await mcp.get<Opened>('realtime_connect', { url: refused })
    assert.equal(failed.state, 'failed')
    assert.match(failed.error ?? '', /refused/)
    for (const [name, input, sentence] of [
      ['realtime_connect', { url: 'gopher://x' }, /gopher/],
      ['realtime_connect', {}, /^The input of realtime_connect is not right: "url" is missing\.$/],
      ['realtime_connect', { url: 'ws://localhost', tls: {} }, /"tls" is not a known option/],
      ['realtime_send', { connection: 99, text: '' }, /^Connection 99 does not exist\. The latest are 1\.$/],
      ['realtime_send', { connection: 1, text: 'x' }, /is failed, so nothing can be sent/],
      ['realtime_events', { filter: 'size:>' }, /size/],
      ['realtime_events', { max: 1e9 }, /"max" must be a whole number from 1 to 500/],
      ['realtime_wait', { filter: 'x', timeout: 1e9 }, /"timeout" must be/],
      ['realtime_compare', { a: 'live', b: 'gone.rtsession' }, /gone\.rtsession/],
      ['realtime_nothing', {}, /^The tool "realtime_nothing" does not exist/],
    ] as const) {
      const { isError, text } = await mcp.call(name, input)
      assert.ok(isError, `${name} ${JSON.stringify(input)}: ${text}`)
      assert.match(text, sentence)
    }
  })

  it('waits until a time, until a cancel, and until the connection ends', async () => {
    const peers: WebSocket[] = []
    const url = await serveWebSocket((peer) => peers.push(peer))
    const mcp = await allowed()
    const { connection } = await mcp.get<Opened>('realtime_connect', { url, reconnect: 'never' })
    const late = await mcp.get<{ end: string; message: string }>('realtime_wait', {
      filter: 'never',
      timeout: 1,
    })
    assert.deepEqual([late.end, late.message.slice(0, 25)], ['timeout', 'No event matched in time.'])
    const control = new AbortController()
    const canceled = mcp.call('realtime_wait', { filter: 'never', connection }, { signal: control.signal })
    // The server has the call once it has answered one after it.
    await mcp.get('realtime_list')
    control.abort()
    await assert.rejects(canceled)
    const ended = mcp.get<{ end: string; connection: Opened }>('realtime_wait', {
      filter: 'never',
      connection,
    })
    await mcp.get('realtime_list')
    peers[0]?.close(1001)
    assert.deepEqual((await ended).end, 'ended')
    assert.equal(mcp.stderr, '')
  })

  it('bounds and masks what hostile peers send', async () => {
    const hostile = [
      `{"password":"hunter2","x":"${'y'.repeat(3_000_000)}"}`,
      '\u001b[2J\u0000\u202e</script>"}]}\n{"jsonrpc":"2.0","id":1,"result":{}}\n',
      Buffer.from([0xff, 0xfe, 0x00]),
      `${'['.repeat(50_000)}`,
      '😀'.repeat(2000),
    ]
    const url = await serveWebSocket((peer) => {
      for (const each of hostile) peer.send(each)
    })
    const mcp = await allowed({ args: ['--allow', 'any', '--mask', 'x'] })
    const { connection } = await mcp.get<Opened>('realtime_connect', { url })
    await mcp.get('realtime_wait', { connection, from: 1, filter: 'number:7' })
    const { events } = await mcp.get<Events>('realtime_events', { connection, filter: 'type:message' })
    assert.deepEqual(
      events.map(({ masked }) => masked === true),
      [true, false, false, false, false],
    )
    const [secret, controls, binary, nested, emoji] = events
    assert.equal(secret?.text, '{"password":"***","x":"***"}')
    assert.equal(secret?.size, Buffer.byteLength(String(hostile[0])))
    assert.equal(controls?.text, hostile[1])
    assert.equal(binary?.base64, '//4A')
    assert.deepEqual([nested?.text, nested?.notShown], ['['.repeat(1000), 49_000])
    assert.deepEqual([emoji?.text, emoji?.notShown], ['😀'.repeat(500), 6000])
    const { text } = await mcp.call('realtime_events', { maxCharacters: 1000, maxText: 20 })
    assert.ok(text.length < 2500, `${text.length}`)
  })

  it('reads, pages, diagnoses and compares recordings in its folder, and no other file', async () => {
    const folder = tempDir()
    const inside = join(folder, 'inside')
    mkdirSync(join(inside, 'deep'), { recursive: true })
    const events = Array.from({ length: 120 }, (_, n) => message(10 + n, { seq: n }))
    writeSession(join(inside, 'deep'), 'a.rtsession', [
      ...opened(1, 0, 'ws://localhost/feed?token=t0ken'),
      ...events,
    ])
    writeSession(inside, 'b.rtsession', [...opened(1, 0, 'ws://localhost/feed'), ...events.slice(1)])
    writeHar(inside, 'page.har')
    writeSession(folder, 'outside.rtsession', events)
    writeFileSync(join(inside, '.env'), 'SECRET=hunter2')
    symlinkSync(join(folder, 'outside.rtsession'), join(inside, 'link.rtsession'))
    symlinkSync(folder, join(inside, 'up'))
    const mcp = await allowed({ folder: inside })
    const { recordings } = await mcp.get<{ recordings: readonly { path: string }[] }>('realtime_list')
    assert.deepEqual(recordings.map(({ path }) => path).sort(), [
      'b.rtsession',
      join('deep', 'a.rtsession'),
      'page.har',
    ])

    const recording = 'deep/a.rtsession'
    const seen: number[] = []
    for (let cursor: number | null = 1; cursor !== null; ) {
      const page: Events = await mcp.get<Events>('realtime_events', { recording, cursor, max: 50 })
      seen.push(...page.events.map(({ number }) => number))
      cursor = page.next
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 122 }, (_, n) => n + 1),
    )
    const newest = await mcp.get<Events>('realtime_events', {
      recording,
      filter: '$.seq',
      order: 'newest',
      max: 2,
    })
    assert.deepEqual(
      newest.events.map(({ text }) => text),
      ['{"seq":118}', '{"seq":119}'],
    )
    const { connections } = await mcp.get<{ connections: readonly Record<string, unknown>[] }>(
      'realtime_list',
      { recording },
    )
    assert.deepEqual(
      connections.map((each) => [each.url, each.messagesIn, each.openedBy]),
      [['ws://localhost/feed?token=***', 120, undefined]],
    )
    const har = await mcp.call('realtime_events', { recording: join(inside, 'page.har') })
    assert.match(har.text, /"text":"hello"/)
    assert.doesNotMatch(har.text, /hunter2/)
    const diagnosed = await mcp.get<{ events: number }>('realtime_diagnose', { recording })
    assert.equal(diagnosed.events, 122)
    const compared = await mcp.get<{
      same: boolean
      counts: Record<string, number>
      differences: readonly unknown[]
    }>('realtime_compare', { a: recording, b: 'b.rtsession' })
    assert.deepEqual([compared.same, compared.counts.missing], [false, 1])
    assert.match(JSON.stringify(compared.differences), /seq/)
    const live = await mcp.get<{ same: boolean }>('realtime_compare', { a: 'live', b: 'live' })
    assert.equal(live.same, true)

    for (const path of [
      '../outside.rtsession',
      join(folder, 'outside.rtsession'),
      'link.rtsession',
      'up/outside.rtsession',
      '.env',
      '/etc/passwd',
      '\0.har',
      'gone.rtsession',
    ]) {
      const { isError, text } = await mcp.call('realtime_events', { recording: path })
      assert.ok(isError, `${path}: ${text}`)
      assert.doesNotMatch(text, /hunter2|root:/)
    }
  })

  it('writes only messages of the protocol to standard output, saves at the end and leaves nothing behind', async () => {
    const url = await echo()
    const folder = tempDir()
    const temporary = tempDir()
    const save = join(folder, 'agent.rtsession')
    const mcp = await startCli(['mcp', '--allow', 'loopback', '--save', save], { env: { TMPDIR: temporary } })
    const send = (line: unknown) => mcp.type(`${JSON.stringify(line)}\n`)
    const call = (id: number, name: string, input: unknown) =>
      send({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: input } })
    const answered = async (id: number) => {
      while (!mcp.stdout.includes(`"id":${id}}`))
        await new Promise((resolve) => mcp.child.stdout?.once('data', resolve))
    }
    send({
      ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
    })
    await answered(1)
    send({ jsonrpc: '2.0', method: 'notifications/initialized' })
    mcp.type('this is not a message\n')
    call(2, 'realtime_connect', { url })
    await answered(2)
    call(3, 'realtime_send', { connection: 1, text: 'kept' })
    await answered(3)
    mcp.child.stdin?.end()
    const { code, stdout, stderr } = await mcp.ended
    assert.equal(code, 0)
    for (const line of stdout.trimEnd().split('\n')) assert.equal(JSON.parse(line).jsonrpc, '2.0')
    assert.match(stderr, /^A message of the client could not be used: /)
    assert.match(readFileSync(save, 'utf8'), /"text":"kept"/)
    assert.deepEqual(readdirSync(temporary), [])
  })

  it('refuses a whole disk and a wrong mask', async () => {
    for (const args of [
      ['--folder', '/'],
      ['--mask', '$['],
    ]) {
      const mcp = await startCli(['mcp', ...args])
      const { code, stdout, stderr } = await mcp.ended
      assert.deepEqual([code, stdout], [2, ''])
      assert.match(stderr, /whole disk|JSONPath/)
    }
  })
})
