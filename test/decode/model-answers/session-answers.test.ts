import assert from 'node:assert/strict'
import { join, resolve } from 'node:path'
import { SessionAnswers } from '../../../src/decode/model-answers/session-answers.ts'
import { SessionDecoder } from '../../../src/decode/session-decoder.ts'
import type { DecodedEvent } from '../../../src/shared/decoded.ts'
import type { AnswerPartName, ModelAnswer } from '../../../src/shared/model-answer.ts'
import { eventsOf } from '../expected.ts'

const FIXTURES = resolve(import.meta.dirname, '../../fixtures')

/** The answers in a session file, read to its end or up to an event. */
async function answersIn(name: string, end = Number.POSITIVE_INFINITY): Promise<SessionAnswers> {
  const decoder = new SessionDecoder()
  await decoder.loadAll()
  const answers = new SessionAnswers()
  const events = await eventsOf(join(FIXTURES, `${name}.rtsession`))
  for (const [number, event] of events.slice(0, end).entries()) {
    if (!('connection' in event)) continue
    answers.decoded(event.connection, number, event.time, decoder.decode(number, event) ?? [])
    if (event.type === 'close') answers.ended(event.connection)
  }
  return answers
}

async function onlyAnswer(name: string, end?: number): Promise<ModelAnswer> {
  const answers = await answersIn(name, end)
  assert.equal(answers.list().length, 1)
  return answers.answer(1, 0) ?? assert.fail()
}

const textOf = ({ next }: ModelAnswer, name: AnswerPartName) =>
  next.flatMap(({ part, text }) => (part === name ? [text] : [])).join('')

describe('the answer of a language model', () => {
  const table: [session: string, content: string, reasoning: string, calls: [string, unknown][]][] = [
    [
      'language-models/anthropic',
      '27 * 453 = 12,231.',
      'I need to find the product of 27 and 453.\n27 * 453 = 12,231',
      [['get_weather', { location: 'San Francisco, CA' }]],
    ],
    [
      'language-models/openai-responses',
      'Hi there!',
      'A greeting.',
      [['get_current_weather', { location: 'Boston, MA', unit: 'celsius' }]],
    ],
    ...(['gemini-sse', 'gemini-array'] as const).map(
      (name): [string, string, string, [string, unknown][]] => [
        `language-models/${name}`,
        'AI, or artificial intelligence, "[learns]".',
        '**Considering the riddle**',
        [['schedule_meeting', { attendees: ['Bob', 'Alice'], date: '2025-03-27' }]],
      ],
    ),
    [
      'language-models/ollama-chat',
      'Let me look.',
      'The user asks for Tokyo.',
      [['get_weather', { city: 'Tokyo' }]],
    ],
    ['language-models/ollama-generate', 'The sky', '', []],
    ['language-models/ai-sdk-tools', 'It is sunny.', '', [['getWeatherInformation', { city: 'Rome' }]]],
    ['language-models/bedrock-invoke', 'Paris is the capital.', '', []],
    ['language-models/bedrock-converse', 'Seattle it is.', 'A city.', [['top_song', { sign: 'WZPZ' }]]],
    ['recordings/openai-chat', 'Hello world ✓', '', [['get_weather', { city: 'Paris' }]]],
    ['recordings/ai-ui-message-stream', 'Hello, world ✓ and more ', 'thinking…', []],
  ]
  for (const [session, content, reasoning, calls] of table)
    it(`has the text, the reasoning and the tool calls of ${session}`, async () => {
      const answer = await onlyAnswer(session)
      assert.equal(textOf(answer, 'content'), content)
      assert.equal(textOf(answer, 'reasoning'), reasoning)
      assert.deepEqual(
        answer.calls.map(({ name, value }) => [name, value]),
        calls,
      )
      assert.equal(answer.status, 'complete')
      for (const { event, time, part, call } of answer.next) {
        assert.ok(event > 1 && time > 200)
        assert.equal(call !== undefined, part === 'tool_call')
      }
    })

  it('says what it cost, why it stopped and how fast it was', async () => {
    const {
      model,
      usage,
      stopReason,
      request,
      timeToFirst,
      rate,
      stalls,
      stallCount,
      stalled,
      pieces,
      calls,
    } = await onlyAnswer('language-models/anthropic')
    assert.deepEqual([model, stopReason, request], ['claude-sonnet-4-5-20250929', 'tool_use', 0])
    assert.deepEqual(usage, { input: 600, cached: 128, output: 89 })
    assert.equal(timeToFirst, 499)
    assert.deepEqual(pieces, { content: 2, reasoning: 2, tool_call: 4 })
    assert.deepEqual([stalls, stallCount, stalled], [[{ from: 10, to: 11, ms: 1500 }], 1, 1500])
    // 89 tokens in the 1650 ms from the first piece to the last one.
    assert.deepEqual(rate, { perSecond: 53.9, withoutStalls: 593.3, unit: 'tokens' })
    assert.deepEqual(calls, [
      {
        id: 'toolu_01T1x1fJ34qAmk2tNTrN7Up6',
        name: 'get_weather',
        text: '{"location": "San Francisco, CA"}',
        value: { location: 'San Francisco, CA' },
        from: 13,
        to: 16,
      },
    ])
  })

  it('has the usage of every vendor in the same terms', async () => {
    const usages: Record<string, unknown> = {}
    for (const [session] of table) usages[session] = (await onlyAnswer(session)).usage
    assert.deepEqual(usages, {
      'language-models/anthropic': { input: 600, cached: 128, output: 89 },
      'language-models/openai-responses': { input: 37, cached: 12, output: 21, reasoning: 4 },
      'language-models/gemini-sse': { input: 8, cached: 5, output: 65, reasoning: 34 },
      'language-models/gemini-array': { input: 8, cached: 5, output: 65, reasoning: 34 },
      'language-models/ollama-chat': { input: 169, output: 15 },
      'language-models/ollama-generate': { input: 26, output: 259 },
      'language-models/ai-sdk-tools': { input: 20, output: 7 },
      'language-models/bedrock-invoke': { input: 14, output: 9 },
      'language-models/bedrock-converse': { input: 24, output: 30 },
      'recordings/openai-chat': { input: 3, output: 9 },
      'recordings/ai-ui-message-stream': undefined,
    })
  })

  it('grows: its rate is in pieces until the tokens are known, and a call has no value until it is whole', async () => {
    const answer = await onlyAnswer('recordings/openai-chat', 11)
    assert.deepEqual([answer.status, answer.usage, answer.stopReason], ['growing', undefined, undefined])
    assert.equal(answer.rate?.unit, 'pieces')
    assert.deepEqual(
      answer.calls.map(({ text, value }) => [text, value]),
      [['{"city":"Pa', undefined]],
    )
    assert.equal(answer.beginning, 'Hello world ✓')
  })

  it('is given from any piece on', async () => {
    const answers = await answersIn('language-models/anthropic')
    const whole = answers.answer(1, 0)
    assert.deepEqual(answers.answer(1, 0, 5)?.next, whole?.next.slice(5))
    assert.deepEqual(answers.answer(1, 0, 100)?.next, [])
    assert.equal(answers.answer(1, 1), undefined)
    assert.equal(answers.answer(2, 0), undefined)
  })

  it('says that the server failed, or that the connection did', async () => {
    const failed = await onlyAnswer('language-models/anthropic-overloaded')
    assert.deepEqual(
      [failed.status, failed.error, textOf(failed, 'content')],
      ['failed', 'Overloaded', 'Hel'],
    )
    const throttled = await onlyAnswer('language-models/bedrock-throttled')
    assert.deepEqual([throttled.status, throttled.error], ['failed', 'Too many requests'])
    const cut = await answersIn('language-models/anthropic', 8)
    cut.ended(1, 'The connection was reset.')
    const [{ status, error } = assert.fail()] = cut.list()
    assert.deepEqual([status, error], ['brokenOff', 'The connection was reset.'])
  })

  it('has the result of a tool that ran at the server', async () => {
    const { calls } = await onlyAnswer('language-models/ai-sdk-tools')
    assert.deepEqual(calls[0]?.result, { city: 'Rome', weather: 'sunny' })
  })
})

const chunk = (delta: object, index = 0): DecodedEvent => ({
  protocol: 'openai',
  kind: 'data',
  value: { object: 'chat.completion.chunk', model: 'm', choices: [{ index, delta }] },
})

describe('the answers of a session', () => {
  it('are one for each request, also on the same connection', () => {
    const answers = new SessionAnswers()
    const request: DecodedEvent = { protocol: 'openai', kind: 'request', name: 'm' }
    answers.decoded(1, 0, 0, [request])
    answers.decoded(1, 1, 5, [chunk({ content: 'one' })])
    answers.decoded(2, 2, 6, [request])
    answers.decoded(1, 3, 7, [request])
    answers.decoded(1, 4, 8, [chunk({ content: 'two' })])
    assert.deepEqual(
      answers
        .list()
        .map(({ connection, index, beginning, status }) => [connection, index, beginning, status]),
      [
        [1, 0, 'one', 'brokenOff'],
        [2, 0, '', 'growing'],
        [1, 1, 'two', 'growing'],
      ],
    )
  })

  it('tell alternatives apart', () => {
    const answers = new SessionAnswers()
    answers.decoded(1, 0, 0, [chunk({ content: 'a' }), chunk({ content: 'b' }, 1)])
    assert.deepEqual(
      answers.answer(1, 0)?.next.map(({ text, choice }) => [text, choice]),
      [
        ['a', undefined],
        ['b', 1],
      ],
    )
    assert.equal(answers.list()[0]?.beginning, 'a')
  })

  it('are separate over the Realtime API, where requests may be implied', () => {
    const answers = new SessionAnswers()
    const event = (value: object): DecodedEvent => ({ protocol: 'openai-realtime', kind: 'event', value })
    const delta = event({ type: 'response.output_text.delta', delta: 'Hi' })
    const done = event({ type: 'response.done', response: { status: 'completed' } })
    for (const [number, each] of [delta, done, delta, done].entries()) answers.decoded(1, number, 0, [each])
    assert.deepEqual(
      answers.list().map(({ index, status }) => [index, status]),
      [
        [0, 'complete'],
        [1, 'complete'],
      ],
    )
  })

  it('do not include other protocols', () => {
    const answers = new SessionAnswers()
    answers.decoded(1, 0, 0, [{ protocol: 'json-rpc', kind: 'request', name: 'x' }])
    answers.decoded(1, 1, 0, [{ protocol: 'event-stream', kind: 'request' }])
    assert.deepEqual(answers.list(), [])
  })

  it('take bounded memory, and say what is missing', () => {
    const answers = new SessionAnswers()
    const long = chunk({ content: 'x'.repeat(1024 * 1024) })
    for (let number = 0; number < 40; number++) answers.decoded(1, number, number, [long])
    const [{ isCut, pieces } = assert.fail()] = answers.list()
    assert.deepEqual([isCut, pieces.content], [true, 40])
    assert.ok((answers.answer(1, 0)?.next.length ?? 0) <= 32)
    const calls = new SessionAnswers()
    for (let index = 0; index < 2000; index++)
      calls.decoded(1, index, index, [chunk({ tool_calls: [{ index, function: { arguments: '{' } }] })])
    assert.equal(calls.answer(1, 0)?.calls.length, 1000)
    const many = new SessionAnswers()
    for (let number = 0; number < 3000; number++)
      many.decoded(1, number, number, [{ protocol: 'openai', kind: 'request', name: 'm' }])
    assert.deepEqual([many.list().length, many.list().at(-1)?.index], [1000, 2999])
  })
})
