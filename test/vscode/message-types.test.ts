/** Message types that the user has chosen: for connections, and for those to the same URL later on. */
import assert from 'node:assert/strict'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as vscode from 'vscode'
import type { MessageChoice } from '../../src/shared/protocol/decoding.ts'
import type { EngineSession } from '../../src/vscode/session/engine-session.ts'
import { LiveSession } from '../../src/vscode/session/live-session.ts'
import { MessageTypes } from '../../src/vscode/session/message-types.ts'
import { RecordingSession } from '../../src/vscode/session/recording-session.ts'
import { RememberedConnections } from '../../src/vscode/session/remembered-connections.ts'
import { Notifier } from '../../src/vscode/ui/notifier.ts'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { until } from './inspector.ts'
import { memento, surroundings } from './parts.ts'

const SAID =
  'syntax = "proto3"; package chat; import "common/who.proto"; message Said { string text = 1; Who who = 2; }'
const WHO = 'syntax = "proto3"; package chat; message Who { string name = 1; }'
/** A `Said` with `text` and `who`. */
const MESSAGE = Buffer.from('\n\x02hi\x12\x05\n\x03Eve')
const TYPED = { text: 'hi', who: { name: 'Eve' } }
const BARE = { 1: 'hi', 2: { 1: 'Eve' } }

/** A notifier that keeps the warnings. */
class Warnings extends Notifier {
  readonly told: string[] = []
  override warning(message: string): void {
    this.told.push(message)
  }
}

describe('message types of a connection', () => {
  let folder: string
  let url: string
  let file: vscode.Uri
  let memory: vscode.Memento
  let warnings: Warnings
  const sessions: EngineSession[] = []

  beforeEach(async () => {
    folder = tempDir()
    mkdirSync(join(folder, 'common'))
    writeFileSync(join(folder, 'common', 'who.proto'), WHO)
    writeFileSync(join(folder, 'said.proto'), SAID)
    file = vscode.Uri.file(join(folder, 'said.proto'))
    url = await serveWebSocket((socket) => socket.send(MESSAGE))
    memory = memento()
    warnings = new Warnings(surroundings(folder).log)
  })
  afterEach(async () => {
    for (const session of sessions.splice(0)) await session.dispose()
    closeServers()
    removeTempDirs()
  })

  /** What a window has: its live session, and the types that are remembered. */
  function open() {
    const { engine: script, ...rest } = surroundings(folder)
    const session = new LiveSession({
      script,
      remembered: new RememberedConnections(memento(), memento()),
      ...rest,
    })
    const types = new MessageTypes(memory, warnings)
    types.follow(session)
    sessions.push(session)
    return { session, types }
  }

  /** The decoded value of the message that a connection received, as soon as `isWanted`. */
  async function value(session: EngineSession, isWanted: (value: unknown) => boolean): Promise<unknown> {
    return await until(async () => {
      const { events } = await session.call('status', null)
      for (let index = 0; index < events; index++) {
        const { events: packets } = await session.call('decoded', { index })
        const [packet] = packets ?? []
        if (packet !== undefined && isWanted(packet.value)) return { found: packet.value }
      }
      return undefined
    }).then(({ found }) => found)
  }
  const isTyped = (value: unknown) => Object.hasOwn(Object(value), 'text')
  const isBare = (value: unknown) => Object.hasOwn(Object(value), '1')

  async function connect(session: LiveSession, decoder?: string): Promise<number> {
    const connection = await session.connect({ url, ...(decoder !== undefined && { decoder }) })
    await until(() => (session.connections.find(({ id }) => id === connection)?.messagesIn ?? 0) > 0)
    return connection
  }

  async function choose(message: MessageChoice = 'Said'): Promise<ReturnType<typeof open>> {
    const window = open()
    const connection = await connect(window.session, 'protobuf')
    await window.types.choose(window.session, connection, { files: [file], message })
    return window
  }

  it('decode it, with what their files import', async () => {
    const { session } = await choose()
    assert.deepEqual(await value(session, isTyped), TYPED)
  })

  it('may be chosen for one direction, or by an envelope', async () => {
    const { session } = await choose({ out: 'Said' })
    assert.deepEqual(await value(session, isBare), BARE)
    const envelope = { envelope: 'Said', type: 'text', payload: 'text', types: { hi: 'Who' } }
    const other = await choose({ in: envelope })
    assert.deepEqual(await value(other.session, isTyped), TYPED)
  })

  it('decode later connections to the same URL, also after the window was reloaded', async () => {
    const { session } = await choose()
    await session.dispose()
    const { session: next } = open()
    await connect(next)
    assert.deepEqual(await value(next, isTyped), TYPED)
    await next.dispose()
    // Files are read again.
    writeFileSync(file.fsPath, SAID.replace('text', 'content'))
    const { session: last } = open()
    await connect(last)
    const changed = await value(last, (value) => Object.hasOwn(Object(value), 'content'))
    assert.deepEqual(changed, { content: 'hi', who: TYPED.who })
  })

  it('decode recordings of connections to the URL', async () => {
    const { session } = await choose()
    const path = join(folder, 'said.rtsession')
    await session.call('save', { path, reveal: [] }, 0)
    const { engine: script, storage, log } = surroundings(folder)
    const recording = new RecordingSession(vscode.Uri.file(path), path, { script, storage, log })
    sessions.push(recording)
    new MessageTypes(memory, warnings).follow(recording)
    await recording.call('status', null, 0)
    assert.deepEqual(await value(recording, isTyped), TYPED)
  })

  it('are forgotten if the user decodes the connection in another way', async () => {
    const { session, types } = await choose()
    const [connection] = session.connections
    assert.ok(connection)
    await types.forget(session, connection.id)
    const { session: next } = open()
    await connect(next, 'protobuf')
    assert.deepEqual(await value(next, isBare), BARE)
  })

  it('do not decode a connection that is opened with another decoder', async () => {
    await choose()
    const { session } = open()
    await connect(session, 'json')
    const { events } = await session.call('status', null)
    const { connection } = await session.call('decoded', { index: events - 1 })
    assert.equal(connection?.decoder, 'json')
  })

  it('leave wire types and say why, if their files are not there or wrong', async () => {
    await choose()
    rmSync(file.fsPath)
    const { session } = open()
    await connect(session)
    assert.deepEqual(await value(session, isBare), BARE)
    writeFileSync(file.fsPath, 'syntax = "proto3";\nmessage Said { string text = ; }')
    const { session: next } = open()
    await connect(next)
    assert.deepEqual(await value(next, isBare), BARE)
    const [missing, wrong] = warnings.told
    assert.match(
      missing ?? '',
      /^Messages of ws:.* are shown without their types\. .*said\.proto cannot be read: the file does not exist\.$/,
    )
    assert.match(wrong ?? '', /said\.proto cannot be read: line 2: illegal id ';'\.$/)
  })

  it('are not chosen if the files do not have them', async () => {
    rmSync(join(folder, 'common', 'who.proto'))
    await assert.rejects(choose(), {
      code: 'BAD_SCHEMA',
      message: /uses Who, which no file has\. .*said\.proto imports common\/who\.proto \(not found in: /,
    })
    await assert.rejects(choose('Nobody'), {
      message: /define the message type Nobody; they define .*chat\.Said/,
    })
    assert.equal(memory.get('messageTypes'), undefined)
  })
})
