import assert from 'node:assert/strict'
import { decodedPreview } from '../../../src/engine/decoding/decoded-preview.ts'
import { removeTempDirs } from '../../support/temp-dir.ts'
import { areDecoded, DecodedFile } from './support.ts'

describe('decoded events of a session', () => {
  let file: DecodedFile

  beforeEach(async () => {
    file = await DecodedFile.open('socketio.rtsession')
  })

  afterEach(async () => {
    await file.call.shutdown(null)
    removeTempDirs()
  })

  const indexOf = async (isWanted: (name: string | undefined, kind: string | undefined) => boolean) => {
    const previews = await file.previews(areDecoded)
    const index = previews.findIndex(({ decoded }) => isWanted(decoded?.name, decoded?.kind))
    assert.ok(index >= 0)
    return { index, preview: previews[index] }
  }

  it('are in the previews once the session has been read', async () => {
    const first = await file.call.previews({ indexes: [2] })
    assert.deepEqual([first[0]?.decoded, first[0]?.isPending], [undefined, true])
    const { preview } = await indexOf((name, kind) => name === 'sum' && kind === 'ack')
    assert.ok(preview?.decoded !== undefined)
    const { latency, ...decoded } = preview.decoded
    assert.ok((latency ?? 0) > 0)
    assert.deepEqual([preview.payloadName, decoded.protocol, decoded.packets], ['sum', 'socket.io', 1])
    assert.deepEqual([decoded.unanswered, decoded.heartbeat], [false, false])
    assert.match(decoded.text, /^\w/)
    await file.toldOf(({ all }) => !all)
  })

  it('are previewed as what a language model says, not as what it is wrapped in', async () => {
    await file.call.shutdown(null)
    file = await DecodedFile.open('openai-chat.rtsession')
    const previews = await file.previews(areDecoded)
    assert.deepEqual(
      previews.slice(3, 14).map(({ decoded }) => decoded?.text),
      [
        'Hel',
        'lo',
        ' wor',
        'ld',
        ' ✓',
        'get_weather',
        '{"ci',
        'ty":"Pa',
        'ris"}',
        'tool_calls',
        'input: 3, output: 9',
      ],
    )
  })

  it('are previewed without control characters', () => {
    const said = decodedPreview([{ protocol: 'mqtt', kind: 'event', value: 'a\nb\u202e' }], false)
    assert.equal(said?.text, 'a␊b\ufffd')
  })

  it('say why the connection has its decoder', async () => {
    const { index } = await indexOf((name) => name === 'sum')
    const { events, connection } = await file.call.decoded({ index })
    assert.deepEqual(connection, {
      decoder: 'socket.io',
      reason: 'path /socket.io/ and EIO=4',
      isChosen: false,
    })
    assert.equal(events?.[0]?.name, 'sum')
    assert.deepEqual((await file.call.status(null)).connections[0]?.decoding, connection)
  })

  it('form a conversation of a request and its answers, from either side', async () => {
    const { index: ask } = await indexOf((name, kind) => name === 'sum' && kind === 'request')
    const { index: answer } = await indexOf((name, kind) => name === 'sum' && kind === 'ack')
    const conversation = await file.call.conversation({ index: ask })
    assert.equal(conversation?.request.index, ask)
    assert.deepEqual(
      conversation.answers.map(({ index }) => index),
      [answer],
    )
    assert.equal(conversation.isWaiting, false)
    const { requests, answered, latency } = conversation.figures ?? {}
    assert.deepEqual([requests, answered], [1, 1])
    assert.ok(Math.abs((latency?.p50 ?? 0) - (conversation.answers[0]?.preview.latency ?? 0)) < 0.01)
    const { time, preview } = conversation.answers[0] ?? { time: 0 }
    assert.ok(Math.abs(time - conversation.request.time - (preview?.latency ?? 0)) < 0.01)
    assert.deepEqual(await file.call.conversation({ index: answer }), conversation)
    assert.equal(await file.call.conversation({ index: 0 }), null)
    await assert.rejects(async () => await file.call.conversation({ index: 9999 }), { code: 'NO_EVENT' })
  })

  it('have their bytes, also those of a packet that ends in a later message', async () => {
    await file.previews(areDecoded)
    const bytes = async (index: number) => await file.call.decodedBytes({ index })
    const sum = await bytes(6)
    assert.deepEqual([sum?.packets?.length, sum?.unfinished, sum?.end], [1, null, null])
    assert.deepEqual(
      sum?.packets?.[0]?.fields.map(({ name, from, to }) => [name, from, to]),
      [
        ['Engine.IO type', 0, 1],
        ['packet type', 1, 2],
        ['ack id', 2, 3],
        ['event', 4, 9],
        ['argument', 10, 12],
        ['argument', 13, 15],
      ],
    )
    const begun = await bytes(10)
    assert.deepEqual([begun?.packets, begun?.unfinished?.name, begun?.end?.index], [[], 'BINARY_EVENT', 11])
    assert.equal(begun?.end?.preview.name, 'upload')
    const ended = await bytes(11)
    assert.deepEqual([ended?.packets?.[0]?.isContinued, ended?.end], [true, null])
    assert.deepEqual(await bytes(0), { packets: null, unfinished: null, end: null, joined: null })
    await assert.rejects(async () => await file.call.decodedBytes({ index: 9999 }), { code: 'NO_EVENT' })
  })

  it('are paired as packets if a message has several, heartbeats beside the others', async () => {
    await file.call.shutdown(null)
    file = await DecodedFile.open('nats.rtsession')
    const previews = await file.previews(areDecoded)
    assert.deepEqual([previews[7]?.decoded?.name, previews[7]?.latency], ['chat.a', undefined])
    assert.deepEqual([previews[5]?.decoded?.name, (previews[5]?.latency ?? 0) > 0], ['PONG', true])
    for (const index of [6, 7]) {
      const conversation = await file.call.conversation({ index })
      const { request, answers } = conversation ?? {}
      assert.deepEqual([request?.index, request?.preview.name, answers?.length], [6, 'PING', 1])
      assert.deepEqual([answers?.[0]?.index, answers?.[0]?.preview.name], [7, 'PONG'])
    }
  })

  it('are put together if a packet is spread over several messages', async () => {
    await file.previews(areDecoded)
    const upload = (await file.call.decodedBytes({ index: 11 }))?.joined
    assert.ok(upload)
    assert.deepEqual(
      upload.messages.map(({ index, from, at }) => [index, from, at]),
      [
        [10, 0, 0],
        [11, upload.size - 5, 0],
      ],
    )
    assert.deepEqual(upload.fields.at(-1), { name: 'attachment', from: upload.size - 5, to: upload.size })
    await file.call.shutdown(null)
    file = await DecodedFile.open('mqtt.rtsession')
    await file.previews((previews) => previews.some(({ decoded }) => decoded?.name === 'CONNACK'))
    assert.equal((await file.call.decodedBytes({ index: 19 }))?.joined, null)
    const connect = (await file.call.decodedBytes({ index: 18 }))?.joined
    assert.deepEqual([connect?.size, connect?.bytes.length, connect?.messages.length], [48, 48, 17])
    assert.deepEqual(
      connect?.messages.map(({ index }) => index),
      Array.from({ length: 17 }, (_, i) => i + 2),
    )
    const text = Buffer.from(connect?.bytes ?? []).toString('latin1')
    assert.ok(text.startsWith('\x10.\0\x04MQTT\x04'))
    const texts = connect?.fields.map(({ name, from, to }) => [name, text.slice(from, to)])
    assert.deepEqual(texts?.at(-1), ['password', 'pw'])
  })

  it('follow the choice of the user', async () => {
    await file.previews(areDecoded)
    await file.call.setDecoder({ connection: 1, decoder: 'none' })
    const off = await file.previews(() => true)
    assert.ok(off.every(({ decoded }) => decoded === undefined))
    assert.equal((await file.call.status(null)).connections[0]?.decoding?.decoder, 'none')
    await file.call.setDecoder({ connection: 1, decoder: 'engine.io' })
    const bare = await file.previews(areDecoded)
    assert.ok(bare.some(({ decoded }) => decoded?.protocol === 'engine.io' && decoded.kind === 'event'))
    await file.call.setDecoder({ connection: 1, decoder: null })
    const again = await file.previews(areDecoded)
    assert.ok(again.some(({ decoded }) => decoded?.protocol === 'socket.io'))
    assert.throws(() => file.call.setDecoder({ connection: 1, decoder: 'morse' }), {
      code: 'UNKNOWN_DECODER',
      message: /^Unknown decoder morse\. Use one of socket\.io, /,
    })
    assert.ok((await file.call.decoders(null)).includes('mqtt'))
    await file.toldOf(({ all }) => all)
  })

  it("follow the user's own protocols when they change", async () => {
    const sums = { message: { '$[0]': 'sum' } }
    const own = {
      name: 'acme',
      recognize: [{ path: '/socket.io/' }, sums],
      messages: [{ kind: 'data' }],
    } as const
    await file.previews(areDecoded)
    await file.call.setDialects({ dialects: [{ ...own, text: true }] })
    const previews = await file.previews(areDecoded)
    assert.ok(previews.some(({ decoded }) => decoded?.protocol === 'acme'))
    assert.ok((await file.call.decoders(null)).includes('acme'))
    await file.toldOf(({ all }) => all)
    await file.call.setDialects({ dialects: [] })
    assert.ok((await file.previews(areDecoded)).some(({ decoded }) => decoded?.protocol === 'socket.io'))
    assert.ok(!(await file.call.decoders(null)).includes('acme'))
  })

  it('list and check message types in files', async () => {
    const files = { 'a.proto': 'syntax = "proto3"; message A { bytes body = 1; }' }
    assert.deepEqual(await file.call.messageTypes({ files }), [
      { name: 'A', fields: [{ name: 'body', type: 'bytes', isRepeated: false }] },
    ])
    await file.call.checkTypes({ options: { files, message: 'A' }, missing: [] })
    const failing = async () => await file.call.checkTypes({ options: { files, message: 'B' }, missing: [] })
    await assert.rejects(failing, {
      code: 'BAD_SCHEMA',
      message: /define the message type B; they define A\./,
    })
    const broken = async () => await file.call.messageTypes({ files: { 'b.proto': '\nmessage' } })
    await assert.rejects(broken, { code: 'BAD_SCHEMA', message: /^b\.proto cannot be read: line 2: / })
  })

  it('are collected for completions', async () => {
    await file.previews(areDecoded)
    const { protocols, names, channels } = await file.call.seenDecoded(null)
    assert.ok(protocols.includes('socket.io'))
    assert.ok(names.some(({ name, kinds }) => name === 'sum' && kinds.includes('ack')))
    assert.ok(channels.includes('/'))
  })
})
