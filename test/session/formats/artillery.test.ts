/** Scenarios for Artillery that are written from recordings. test/cli/convert-artillery.test.ts runs such files. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load, YAML11_SCHEMA } from 'js-yaml'
import { openRecording } from '../../../src/session/open-recording.ts'
import { writeRecording } from '../../../src/session/write-recording.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { Failure } from '../../../src/shared/failure.ts'
import { message, opened, recordingOf } from '../../support/recording.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

const RECORDINGS = join(import.meta.dirname, '../../fixtures/recordings')
const out = { direction: 'out' } as const

interface Script {
  readonly config: Readonly<Record<string, unknown>>
  readonly scenarios: readonly {
    readonly name: string
    readonly engine?: string
    readonly flow: readonly object[]
  }[]
}

async function written(events: readonly RealtimeEvent[], options = {}) {
  const path = join(tempDir(), 'load.artillery.yml')
  await writeRecording(recordingOf(events), path, options)
  const text = readFileSync(path, 'utf8')
  // Artillery reads YAML 1.1.
  return {
    text,
    comment: text.replaceAll(/^[^#].*\n/gm, ''),
    script: load(text, { schema: YAML11_SCHEMA }) as Script,
  }
}

/** The `connect` and `open` of a WebSocket with other fields. */
function socket(connection: number, url: string, fields: object = {}): RealtimeEvent[] {
  return opened(connection, 0, url).map((event) =>
    event.type === 'connect' ? { ...event, ...fields } : event,
  )
}

describe('a scenario for Artillery', () => {
  afterEach(removeTempDirs)

  it('has a flow for a WebSocket, with the pauses of the recording', async () => {
    const { script } = await written([
      ...socket(1, 'wss://chat.example/room?x=1'),
      message(101, 'yes', out),
      message(150, 'answer'),
      message(601, '1_000', out),
      message(900, 'last'),
    ])
    assert.deepEqual(script.config.target, 'wss://chat.example')
    assert.deepEqual(script.scenarios, [
      {
        name: 'connection 1',
        engine: 'ws',
        flow: [
          { connect: '{{ target }}/room?x=1' },
          ...[{ think: '100ms' }, { send: 'yes' }, { think: '500ms' }, { send: '1_000' }, { think: '299ms' }],
        ],
      },
    ])
  })

  it('has each engine, and a target for each', async () => {
    const { script, comment } = await written([
      ...socket(1, 'ws://one.example/feed'),
      message(10, 'a', out),
      {
        type: 'connect',
        connection: 2,
        time: 0,
        transport: 'sse',
        attempt: 0,
        url: 'http://one.example/events',
      },
      ...socket(3, 'ws://two.example/other'),
    ])
    assert.deepEqual(script.config.target, 'http://one.example')
    assert.deepEqual(script.config.variables, { websocketTarget: 'ws://one.example' })
    assert.deepEqual(
      script.scenarios.map(({ name, engine, flow }) => [name, engine, flow[0]]),
      [
        ['connection 1', 'ws', { connect: '{{ websocketTarget }}/feed' }],
        ['connection 3', 'ws', { connect: 'ws://two.example/other' }],
        ['connection 2', undefined, { get: { url: '/events' } }],
      ],
    )
    assert.match(comment, /change config\.target and websocketTarget\./)
  })

  it('has environment variables for secrets, and says which', async () => {
    const headers = { Authorization: 'Bearer s3cr3t', 'X-Room': 'a' }
    const events = [
      ...socket(1, 'ws://user:s3cr3t@chat.example/?token=s3cr3t', { headers }),
      message(10, '{"pin":"s3cr3t","kept":1}', out),
    ]
    const { text, comment, script } = await written(events, { mask: ['pin'] })
    assert.ok(!text.includes('s3cr3t'))
    assert.deepEqual(script.config.ws, {
      headers: { Authorization: '{{ $env.AUTHORIZATION }}', 'X-Room': 'a' },
    })
    for (const name of ['AUTHORIZATION', 'TOKEN', 'PIN'])
      assert.match(comment, new RegExp(`^#   ${name}: `, 'm'))
    assert.match(text, /token=\{\{ \$env\.TOKEN \}\}/)
    assert.ok(script.scenarios[0]?.flow.some((step) => JSON.stringify(step).includes('{{ $env.PIN }}')))
    const revealed = await written(events, { reveal: ['authorization', 'token'] })
    assert.match(revealed.text, /Authorization: "Bearer s3cr3t"/)
  })

  it('keeps what was recorded from being a template', async () => {
    const { script } = await written([
      ...socket(1, 'ws://chat.example/?q={{ $env.HOME }}', { headers: { 'X-Room': '{{ $env.HOME }}' } }),
      message(10, '{{ $env.HOME }}', out),
    ])
    assert.equal(script.config.ws, undefined)
    assert.deepEqual(script.scenarios[0]?.flow.slice(0, 3), [
      { connect: '{{ target }}/?q=%7B%7B%20$env.HOME%20%7D%7D' },
      { think: '9ms' },
      { loop: [{ send: '{{ $loopElement }}' }], over: ['{{ $env.HOME }}'] },
    ])
  })

  it('says what it leaves out', async () => {
    const spec = {
      connection: 2,
      transport: 'http-stream',
      attempt: 0,
      url: 'http://chat.example/stream',
    } as const
    const { comment, script } = await written([
      ...socket(1, 'ws://chat.example/', { headers: { Authorization: 'one' } }),
      message(10, new Uint8Array([0xff, 0]), out),
      message(11, new Uint8Array([0xff, 1]), out),
      { ...message(12, '', out), dropped: 7 },
      message(13, 'login ***', out),
      { type: 'connect', time: 20, method: 'PROPFIND', ...spec },
      { type: 'connect', time: 30, method: 'POST', body: { base64: '/w==' }, ...spec, connection: 3 },
      { type: 'connect', time: 40, ...spec, connection: 4 },
      { type: 'close', time: 50, connection: 4, by: 'client' },
      message(60, 'whose start is missing', { connection: 5 }),
      ...socket(6, 'ws://chat.example/', { headers: { Authorization: 'other', 'X-Room': 'a' } }),
    ])
    for (const sentence of [
      'A binary message of connection 1, because the ws engine sends only text (2 times).',
      'A message of connection 1, because its payload was not kept.',
      'What *** stands for in a message of connection 1.',
      'The PROPFIND request of connection 2, which the HTTP engine does not have.',
      'A request of connection 3, because its body is binary.',
      'That the client ended the response of connection 4: Artillery',
      'Connection 5, whose start is not in the recording.',
      'Secrets in the handshake of connection 1, because the handshakes differ; set config.ws.headers.',
      'The connection 2: nothing of it can be sent.',
    ])
      assert.ok(comment.includes(`#   - ${sentence}`), sentence)
    assert.deepEqual(
      script.scenarios.map(({ name }) => name),
      ['connection 1', 'connection 6', 'connection 4'],
    )
    assert.deepEqual(script.scenarios[1]?.flow, [
      { connect: { target: '{{ websocketTarget }}/', headers: { 'X-Room': 'a' } } },
    ])
  })

  it('keeps the comment a comment, whatever the names in the recording', async () => {
    const address = 'ws://chat.example/socket.io/?EIO=4&transport=websocket'
    const { script, comment } = await written([
      ...socket(1, address),
      message(
        5,
        '0{"sid":"one","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}',
      ),
      message(10, '451-["evil\\nconfig: {target: x}",{"_placeholder":true,"num":0}]', out),
      message(11, new Uint8Array([1, 2]), out),
    ])
    assert.equal(script.config.target, 'http://chat.example')
    assert.match(
      comment,
      /^# {3}- The event evil config: \{target: x\} of connection 1, because it has bytes\.$/m,
    )
  })

  for (const isMasked of [false, true])
    it(`joins the polls and the WebSocket of a Socket.IO session, ${isMasked ? 'also if its id is masked' : 'by its id'}`, async () => {
      const from = join(RECORDINGS, 'engineio-upgrade.rtsession')
      const folder = tempDir()
      const copy = join(folder, 'copy.rtsession')
      await writeRecording(await openRecording(from), copy, { reveal: isMasked ? [] : ['sid'] })
      assert.equal(readFileSync(copy, 'utf8').includes('sid=***'), isMasked)
      const path = join(folder, 'load.artillery.yml')
      await writeRecording(await openRecording(copy), path)
      const { scenarios } = load(readFileSync(path, 'utf8')) as Script
      assert.deepEqual(
        scenarios.map(({ name, engine }) => [name, engine]),
        [['connections 1, 2', 'socketio']],
      )
      const emits = scenarios[0]?.flow.filter((step) => 'emit' in step)
      assert.deepEqual(emits, [{ emit: ['echo', 'a', 'ü'] }, { emit: ['echo', 'b'] }, { emit: ['bye'] }])
    })

  it('is bounded, and says so', async () => {
    const many = Array.from({ length: 20_010 }, (_, at) => message(10 + at, `${at}`, out))
    const { comment, script } = await written([...socket(1, 'ws://chat.example/'), ...many])
    const sends = script.scenarios[0]?.flow.filter((step) => 'send' in step)
    assert.equal(sends?.length, 20_000)
    assert.match(
      comment,
      /What connection 1 sent later, because the recording is too long for one file \(10 times\)\./,
    )
  })

  it('leaves out what no server can be asked for: a URL that is none, and subprotocols that would be templates', async () => {
    const [connect, open] = opened(1)
    assert.ok(connect?.type === 'connect' && open !== undefined)
    const hostile = { ...connect, subprotocols: ['chat', '{{ $env.HOME }}'] }
    const none = { ...connect, connection: 2, url: 'not a url' }
    const { text } = await written([hostile, open, message(1, 'a'), none])
    assert.match(text, /Connection 2, whose URL is not valid/)
    assert.ok(!text.includes('$env.HOME'), text)
  })

  it('is not written if there is nothing that could be opened', async () => {
    const failure = { code: 'NOTHING_TO_SEND' }
    await assert.rejects(written([]), failure)
    await assert.rejects(written([message(1, 'a')]), failure)
  })

  for (const name of readdirSync(RECORDINGS).filter((each) => each.endsWith('.rtsession')))
    it(`can be read, from ${name}`, async () => {
      const path = join(tempDir(), 'load.artillery.yml')
      const recording = await openRecording(join(RECORDINGS, name))
      const failure = await writeRecording(recording, path).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      if (failure !== undefined) {
        assert.ok(failure instanceof Failure && failure.code === 'NOTHING_TO_SEND', String(failure))
        return
      }
      const text = readFileSync(path, 'utf8')
      assert.deepEqual(load(text, { schema: YAML11_SCHEMA }), load(text))
      const { scenarios } = load(text) as Script
      assert.ok(scenarios.length > 0 && scenarios.every(({ flow }) => flow.length > 0))
    })
})
