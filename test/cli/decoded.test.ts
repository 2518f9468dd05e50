import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { cliTests, type Line, parseLines, runCli } from '../support/cli.ts'
import { serveWebSocket } from '../support/loopback.ts'
import { message, opened } from '../support/recording.ts'
import { writeSession } from '../support/recording-file.ts'
import { tempDir } from '../support/temp-dir.ts'

const RECORDINGS = path.resolve(import.meta.dirname, '../fixtures/recordings')

interface Decoded {
  readonly protocol: string
  readonly kind: string
  readonly name?: string
  readonly answers?: number
  readonly latency?: number
}

/** What a line says that it was decoded to, as a list. */
function decodedIn({ decoded }: Line): Decoded[] {
  return decoded === undefined ? [] : ([decoded].flat() as Decoded[])
}

describe('decoded events in the terminal', () => {
  cliTests()
  const socketIo = path.join(RECORDINGS, 'socketio.rtsession')

  it('are a further field of replayed lines, and never of saved ones', async () => {
    const saved = path.join(tempDir(), 'copy.rtsession')
    const args = ['replay', socketIo, '--speed', 'max', '--decoded', '--save', saved]
    const { code, stdout, stderr } = await runCli(args)
    assert.deepEqual([code, stderr], [0, ''])
    const lines = parseLines(stdout)
    const plain = await runCli(['replay', socketIo, '--speed', 'max'])
    assert.deepEqual(
      lines.map(({ decoded: _, ...line }) => line),
      parseLines(plain.stdout),
    )
    assert.equal(readFileSync(saved, 'utf8'), plain.stdout)
    const answered = lines.flatMap(decodedIn).find(({ answers }) => answers !== undefined)
    assert.equal(answered?.protocol, 'socket.io')
    // Line 0 is that of the session, so that events count from 1.
    assert.ok(
      decodedIn(lines[answered?.answers ?? 0] ?? { type: '' }).some(({ name }) => name === answered?.name),
    )
    assert.ok((answered?.latency ?? 0) > 0)
  })

  it('are of protocols that a file describes', async () => {
    const file = path.join(tempDir(), 'protocols.json')
    const recognize = [{ message: { '$.type': 'trade' } }]
    const messages = [{ kind: 'event', name: 'a trade' }]
    writeFileSync(file, JSON.stringify([{ name: 'acme', recognize, messages }]))
    const url = await serveWebSocket((socket) => socket.send('{"type":"trade"}'))
    const args = ['connect', url, '--max-messages', '1', '--decoded', '--protocols']
    const { stdout } = await runCli([...args, file])
    const [decoded] = parseLines(stdout).flatMap(decodedIn)
    assert.deepEqual([decoded?.protocol, decoded?.kind, decoded?.name], ['acme', 'event', 'a trade'])
    writeFileSync(file, JSON.stringify([{ name: 'acme', recognize, messages: [{ kind: 'evnt' }] }]))
    const { code, stderr } = await runCli([...args, file])
    assert.equal(code, 2)
    assert.ok(stderr.includes(`${file}[0].messages[0].kind has to be one of "handshake", `), stderr)
    const missing = await runCli([...args, `${file}.missing`])
    assert.match(missing.stderr, /The file that --protocols names, .* cannot be read: /)
  })

  it('are of the decoder that is named, or none', async () => {
    const none = await runCli(['replay', socketIo, '--speed', 'max', '--decoded', '--decoder', 'none'])
    assert.deepEqual(parseLines(none.stdout).flatMap(decodedIn), [])
    const unknown = await runCli(['replay', socketIo, '--decoded', '--decoder', 'unheard-of'])
    assert.equal(unknown.code, 2)
    assert.match(unknown.stderr, /Unknown decoder unheard-of\. Use one of .*json, none\./)
    const pretty = await runCli(['replay', socketIo, '--decoded', '--format', 'pretty'])
    assert.equal(pretty.code, 2)
    assert.match(pretty.stderr, /--decoded adds to JSON lines/)
  })

  it('are of the Protobuf types in files, one for each direction', async () => {
    const folder = tempDir()
    const proto = path.join(folder, 'chat.proto')
    writeFileSync(
      proto,
      'syntax = "proto3"; package chat; message Ask { string text = 1; } message Told { int32 seats = 1; }',
    )
    const file = writeSession(folder, 'chat.rtsession', [
      ...opened(1, 0.25),
      message(100, Buffer.from('\n\x02hi'), { direction: 'out' }),
      message(150, Buffer.from([8, 4])),
    ])
    const args = ['replay', file, '--speed', 'max', '--decoded']
    const types = ['--proto-message', 'out:Ask', '--proto-message', 'in:chat.Told']
    const { stdout, stderr } = await runCli([...args, '--proto', proto, ...types])
    assert.equal(stderr, '')
    assert.deepEqual(parseLines(stdout).flatMap(decodedIn), [
      { protocol: 'protobuf', kind: 'event', name: 'chat.Ask', value: { text: 'hi' } },
      { protocol: 'protobuf', kind: 'event', name: 'chat.Told', value: { seats: 4 } },
    ])
    const broken = path.join(folder, 'broken.proto')
    writeFileSync(broken, 'syntax = "proto3";\nmessage Ask { string text = ; }')
    const lacking = path.join(folder, 'lacking.proto')
    writeFileSync(
      lacking,
      'syntax = "proto3"; import "rooms/room.proto"; message Ask { chat.Room room = 1; }',
    )
    const refusals: readonly (readonly [readonly string[], RegExp])[] = [
      [['--proto', proto], /--proto needs the type of the messages/],
      [['--proto-message', 'Ask'], /add --proto FILE/],
      [
        ['--proto', proto, '--proto-message', 'Nobody'],
        /The files do not define the message type Nobody; they define chat\.Ask, chat\.Told\./,
      ],
      [['--proto', broken, '--proto-message', 'Ask'], /broken\.proto cannot be read: line 2: illegal id ';'/],
      [
        ['--proto', lacking, '--proto-message', 'Ask'],
        /Ask uses chat\.Room, which no file has\. .*lacking\.proto imports rooms\/room\.proto \(not found in: /,
      ],
      [['--proto', proto, '--proto-message', 'Ask', ...types], /once with in: and once with out:/],
      [['--proto', proto, '--proto-message', 'Ask', '--decoder', 'json'], /--decoder is json/],
      [
        ['--proto', `${proto}.missing`, '--proto-message', 'Ask'],
        /chat\.proto\.missing cannot be read: the file does not exist/,
      ],
    ]
    for (const [options, sentence] of refusals) {
      const refused = await runCli([...args, ...options])
      assert.equal(refused.code, 2)
      assert.match(refused.stderr, sentence)
    }
  })

  it('are an array if a message holds several packets, also in the bodies of a HAR', async () => {
    const { stdout } = await runCli([
      'replay',
      path.join(RECORDINGS, 'engineio-polling.har'),
      '--speed',
      'max',
      '--decoded',
    ])
    const lines = parseLines(stdout)
    assert.ok(lines.some(({ decoded }) => Array.isArray(decoded) && decoded.length > 1))
    const sent = lines.filter(({ direction, decoded }) => direction === 'out' && decoded !== undefined)
    assert.ok(sent.flatMap(decodedIn).some(({ name }) => name === 'sum'))
  })

  it('are of live connections, whose event says which decoder was chosen', async () => {
    const url = await serveWebSocket((socket) => socket.send('{"type":"trade"}'))
    const args = ['connect', url, '--max-messages', '1', '--decoded', '--decoder', 'json']
    const { stdout, code } = await runCli(args)
    assert.equal(code, 0)
    const lines = parseLines(stdout)
    assert.equal(lines.find(({ type }) => type === 'connect')?.decoder, 'json')
    const [message] = lines.filter(({ type }) => type === 'message')
    assert.deepEqual(message?.decoded, { protocol: 'json', kind: 'event', name: 'trade' })
  })

  it('do not show what is masked', async () => {
    const url = await serveWebSocket((socket) => socket.send('{"type":"tr4de"}'))
    const { stdout } = await runCli(['connect', url, '--max-messages', '1', '--decoded', '--mask', 'type'])
    assert.doesNotMatch(stdout, /tr4de/)
    assert.match(stdout, /"decoded":\{"protocol":"json","kind":"event","name":"\*\*\*"\}/)
  })

  it('are in readable lines, too', async () => {
    const { stdout } = await runCli(['replay', socketIo, '--speed', 'max', '--format', 'pretty'])
    assert.match(stdout, / ack sum \d+ ms {2}430/)
  })

  it('are parts in the readable lines of messages before the one that ends a packet', async () => {
    const mqtt = 'test/fixtures/recordings/mqtt.rtsession'
    const { stdout } = await runCli(['replay', mqtt, '--speed', 'max', '--format', 'pretty'])
    const lines = stdout.split('\n')
    assert.ok(lines.slice(2, 18).every((line) => / B {2}part {2}/.test(line)))
    assert.match(lines[18] ?? '', / B {2}handshake CONNECT {2}pw/)
    assert.match(lines[19] ?? '', / B {2}handshake CONNACK /)
  })
})
