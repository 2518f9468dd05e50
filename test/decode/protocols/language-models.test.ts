import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Decoder, EncodedMessage } from '../../../src/decode/decoder.ts'
import { DECODERS } from '../../../src/decode/decoders.ts'
import { decodeRecording } from '../expected.ts'
import { decodeAll, FACTS, message, pathOf } from './recordings.ts'
import { itIsRobust } from './robust.ts'

const FOLDER = resolve(import.meta.dirname, '../../fixtures/language-models')
const ANSWERS = readdirSync(FOLDER).filter((name) => name.endsWith('.rtsession'))

/** What the names of a decoder's sessions begin with. */
const PREFIXES: Readonly<Record<string, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  gemini: 'gemini',
  'ai-sdk': 'ai-sdk',
  ollama: 'ollama',
  'event-stream': 'bedrock',
}

const decoderOf = (name: string): Decoder =>
  DECODERS.find((decoder) => decoder.name === name) ?? assert.fail(name)

async function decodedOf(name: string) {
  const { decoded, session } = await decodeRecording(join(FOLDER, `${name}.rtsession`))
  assert.equal(session.problemOf(1), undefined)
  return { decoded, chosen: session.chosenFor(1) }
}

const named = (decoded: Awaited<ReturnType<typeof decodedOf>>['decoded']) =>
  decoded.map(({ kind, name }) => `${kind} ${name}`)

/** The messages of a session, and the bodies of its requests. */
function messagesOf(name: string): EncodedMessage[] {
  const lines = readFileSync(join(FOLDER, `${name}.rtsession`), 'utf8')
    .trimEnd()
    .split('\n')
  return lines
    .map((line) => JSON.parse(line))
    .flatMap(({ body, text, base64, url, time, event: eventName = '' }, number) => {
      if (body !== undefined)
        return [message(body, { direction: 'out', isRequest: true, url, number, facts: { ...FACTS, url } })]
      if (text === undefined && base64 === undefined) return []
      return [message(text ?? Buffer.from(base64, 'base64'), { binary: false, number, time, eventName })]
    })
}

describe('language models', () => {
  it('are recognized, each by its own decoder, with the request and every latency', async () => {
    const chosen: Record<string, string> = {}
    for (const file of ANSWERS) {
      const name = file.replace('.rtsession', '')
      const { decoded, chosen: { decoder, reason } = assert.fail() } = await decodedOf(name)
      chosen[name] = `${decoder.name}: ${reason}`
      const [request, ...answers] = decoded
      assert.deepEqual([request?.kind, request?.answers, request?.line], ['request', undefined, 2])
      for (const { kind, answers: answered, latency, line, protocol } of answers) {
        assert.equal(protocol, decoder.name)
        if (kind === 'heartbeat') continue
        assert.equal(answered, 1, `${name}:${line}`)
        assert.ok((latency ?? 0) > 400)
      }
    }
    assert.deepEqual(chosen, {
      'ai-sdk-tools': 'ai-sdk: messages with parts, as in requests of the AI SDK',
      anthropic: `anthropic: path and headers of Anthropic's messages`,
      'anthropic-overloaded': `anthropic: path and headers of Anthropic's messages`,
      'bedrock-converse': 'event-stream: path /model/amazon.nova-pro-v1:0/converse-stream',
      'bedrock-invoke':
        'event-stream: path /model/anthropic.claude-sonnet-4-5-20250929-v1:0/invoke-with-response-stream',
      'bedrock-throttled': 'event-stream: path /model/amazon.nova-pro-v1:0/converse-stream',
      'gemini-array': 'gemini: path /v1beta/models/gemini-2.5-flash:streamGenerateContent',
      'gemini-sse': 'gemini: path /v1beta/models/gemini-2.5-flash:streamGenerateContent',
      'ollama-chat': 'ollama: path /api/chat',
      'ollama-generate': 'ollama: path /api/generate',
      'openai-responses': 'openai: path /v1/responses',
    })
  })

  it('of Ollama are recognized before they come if its client asks, which others at this path do not say', () => {
    const ollama = DECODERS.find(({ name }) => name === 'ollama') ?? assert.fail()
    const facts = { connection: 1, url: 'http://host/api/chat', transport: 'http-stream' }
    const asked = (agent: string) => ollama.recognize({ ...facts, requestHeaders: { 'user-agent': agent } })
    assert.equal(asked('ollama-js/0.6.4 (x64 linux Node.js/v24)'), 'path /api/chat')
    assert.equal(asked('ollama-python/0.6.0 (x86_64 linux) Python/3.13'), 'path /api/chat')
    assert.equal(asked('node'), undefined)
  })

  it('are recognized by their messages at any other URL', () => {
    for (const file of ANSWERS) {
      const name = file.replace('.rtsession', '')
      const wanted = Object.keys(PREFIXES).find((each) => name.startsWith(PREFIXES[each] ?? ''))
      const seen = messagesOf(name).slice(1, 9)
      const reasons = DECODERS.filter((decoder) =>
        seen.some((each) => decoder.recognizeMessage?.(each) !== undefined),
      )
      assert.deepEqual(
        reasons.map((decoder) => decoder.name),
        [wanted],
        name,
      )
    }
  })

  it('say what each event of Anthropic adds', async () => {
    const { decoded } = await decodedOf('anthropic')
    assert.deepEqual(named(decoded), [
      'request claude-sonnet-4-5',
      'data message_start',
      'data content_block_start',
      'heartbeat ping',
      'data reasoning',
      'data reasoning',
      'data content_block_delta',
      'data content_block_stop',
      'data content_block_start',
      'data content',
      'data content',
      'data content_block_stop',
      'data tool_call',
      'data tool_call',
      'data tool_call',
      'data tool_call',
      'data content_block_stop',
      'data stop',
      'complete message_stop',
    ])
    const { decoded: failed } = await decodedOf('anthropic-overloaded')
    assert.deepEqual(named(failed).at(-1), 'error error')
  })

  it('say what each event of the Responses API adds', async () => {
    const { decoded } = await decodedOf('openai-responses')
    assert.deepEqual(named(decoded).slice(4, 13), [
      'data reasoning',
      'data response.output_item.added',
      'data response.content_part.added',
      'data content',
      'data content',
      'data response.output_text.done',
      'data tool_call',
      'data tool_call',
      'data tool_call',
    ])
    assert.equal(named(decoded).at(-1), 'complete response.completed')
  })

  it('say what the chunks of a chat completion add, and that it is done', async () => {
    const { decoded } = await decodeRecording(pathOf('openai-chat.rtsession'))
    assert.deepEqual(named(decoded).slice(1), [
      'data chat.completion.chunk',
      ...Array(5).fill('data content'),
      ...Array(4).fill('data tool_call'),
      'data stop',
      'data usage',
      'complete undefined',
    ])
    assert.equal(decoded[1]?.latency, 237.482)
  })

  it('are the same over SSE as in an array of JSON, element by element or whole', async () => {
    const [sse, array] = [await decodedOf('gemini-sse'), await decodedOf('gemini-array')]
    assert.deepEqual(sse.decoded, array.decoded)
    const [, ...elements] = messagesOf('gemini-array')
    const whole = message(`[${elements.map(({ payload }) => Buffer.from(payload).toString()).join(',\n')}]`)
    const [gemini] = [decoderOf('gemini')]
    assert.deepEqual(decodeAll(gemini, [whole]), decodeAll(gemini, elements))
  })

  it('say what a whole answer adds that was not streamed', () => {
    const answers: [decoder: string, answer: unknown, kindAndName: string][] = [
      [
        'openai',
        { object: 'chat.completion', model: 'm', choices: [{ message: { content: 'Hi' } }] },
        'complete content',
      ],
      [
        'openai',
        { object: 'response', output: [{ type: 'message', content: [{ text: 'Hi' }] }] },
        'complete content',
      ],
      [
        'anthropic',
        { type: 'message', role: 'assistant', content: [{ type: 'text', text: 'Hi' }] },
        'complete message',
      ],
    ]
    for (const [name, answer, expected] of answers) {
      const each = message(JSON.stringify(answer))
      assert.ok(decoderOf(name).recognizeMessage?.(each))
      const packets = decodeAll(decoderOf(name), [each])
      assert.deepEqual(
        packets.map((packet) => `${packet.kind} ${packet.name}`),
        [expected],
      )
      assert.deepEqual(packets[0]?.value, answer)
    }
  })

  it('give up what is not JSON, or nested too deep to show', () => {
    const openai = decoderOf('openai')
    assert.throws(() => decodeAll(openai, [message('Hello')]), /^Error: The message is not JSON\.$/)
    const deep = `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`
    assert.throws(() => decodeAll(openai, [message(deep)]), /^Error: The JSON is nested .*\.$/)
    const [own] = decodeAll(openai, [message('{"__proto__":{"a":1},"choices":[{"delta":{"__proto__":1}}]}')])
    assert.equal(Object.hasOwn(own?.value as object, '__proto__'), true)
  })
})

describe('event streams of AWS', () => {
  it('have messages that do not end where the records do', async () => {
    const { decoded } = await decodedOf('bedrock-invoke')
    assert.deepEqual(decoded.map(({ line, kind, name, parts }) => [line, kind, name, parts]).slice(1), [
      [6, 'data', 'chunk', 3],
      [7, 'data', 'chunk', 2],
      [8, 'data', 'content', 2],
      [9, 'data', 'content', 2],
      [9, 'data', 'chunk', undefined],
      [10, 'data', 'stop', 2],
      [10, 'complete', 'chunk', undefined],
    ])
    const { headers, payload } = (decoded[3] ?? assert.fail()).value as {
      headers: object
      payload: { bytes: unknown; p: string }
    }
    assert.deepEqual(headers, {
      ':event-type': 'chunk',
      ':content-type': 'application/json',
      ':message-type': 'event',
    })
    assert.deepEqual(payload, {
      bytes: { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Paris is' } },
      p: 'abcdefg',
    })
  })

  it('are the same packets in every split', async () => {
    const eventStream = decoderOf('event-stream')
    await eventStream.load?.()
    const [, ...records] = messagesOf('bedrock-invoke')
    const bytes = Buffer.concat(records.map(({ payload }) => payload))
    const whole = decodeAll(eventStream, [message(bytes)])
    assert.equal(whole.length, 7)
    for (const size of [1, 3, 17, 200]) {
      const split = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        message(bytes.subarray(index * size, (index + 1) * size)),
      )
      const packets = decodeAll(eventStream, split).map(({ parts: _, ...packet }) => packet)
      assert.deepEqual(packets, whole)
    }
  })

  it('say what the events of Converse add, and what refused it', async () => {
    const { decoded } = await decodedOf('bedrock-converse')
    assert.deepEqual(named(decoded).slice(0, 5), [
      'request amazon.nova-pro-v1:0',
      'data messageStart',
      'data reasoning',
      'data content',
      'data content',
    ])
    assert.equal(named(decoded).at(-1), 'complete metadata')
    assert.equal(named((await decodedOf('bedrock-throttled')).decoded).at(-1), 'error throttlingException')
  })

  it('are given up if the bytes are damaged or begin in the middle of a message', async () => {
    const eventStream = decoderOf('event-stream')
    await eventStream.load?.()
    const [, ...records] = messagesOf('bedrock-converse')
    const [first] = records
    assert.ok(first)
    const damaged = Buffer.from(first.payload)
    damaged.writeUInt8(damaged.readUInt8(40) ^ 1, 40)
    assert.throws(() => decodeAll(eventStream, [message(damaged)]), /^Error: .* is damaged\.$/)
    const middle = message(first.payload.subarray(5))
    assert.throws(() => decodeAll(eventStream, [middle]), /^Error: .* not messages of an AWS event stream\.$/)
  })
})

const RECORDED: Readonly<Record<string, readonly string[]>> = {
  openai: ['openai-chat'],
  'ai-sdk': ['ai-ui-message-stream'],
}

for (const [name, prefix] of Object.entries(PREFIXES))
  describe(`the decoder ${name}`, () => {
    const own = ANSWERS.filter((file) => file.startsWith(prefix)).flatMap((file) =>
      messagesOf(file.replace('.rtsession', '')),
    )
    itIsRobust(decoderOf(name), RECORDED[name] ?? [], FACTS, own)
  })
