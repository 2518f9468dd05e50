/** `/v1/chat/completions`: the answer of a language model, in the events of OpenAI's chat completions. Stalls once. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { between } from './market.ts'

/** Milliseconds in the middle of the text. */
const STALL = 2000

export const QUESTION = {
  model: 'demo-model',
  stream: true,
  stream_options: { include_usage: true },
  messages: [{ role: 'user', content: 'Which is the better buy today, ACME or GLOBEX?' }],
}

const REASONING =
  'The user compares two symbols. I know the last prices, but not the newest ones, so I have to look.'
const TEXT = [
  '**ACME** has moved less than **GLOBEX** this week. ',
  'Before I advise you, I look at both prices.',
]
const CALL = { name: 'get_quotes', arguments: '{"symbols": ["ACME", "GLOBEX"], "venue": "XLON"}' }
const USAGE = {
  prompt_tokens: 24,
  completion_tokens: 61,
  total_tokens: 85,
  completion_tokens_details: { reasoning_tokens: 23 },
}

/** A part of the answer, and the milliseconds before it. */
type Step = readonly [wait: number, chunk: object]

export async function serveAnswer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  request.resume()
  if (request.method !== 'POST') {
    response.writeHead(405, { allow: 'POST' }).end()
    return
  }
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const created = Math.floor(Date.now() / 1000)
  const base = { id: `chatcmpl-${created}`, object: 'chat.completion.chunk', created, model: QUESTION.model }
  try {
    for (const [wait, chunk] of steps()) {
      await delay(wait, undefined, { signal: gone.signal })
      response.write(`data: ${JSON.stringify({ ...base, ...chunk })}\n\n`)
    }
    response.end('data: [DONE]\n\n')
  } catch {
    // The client is gone.
  }
}

function* steps(): Generator<Step> {
  yield [between(300, 600), choice({ role: 'assistant', content: '' })]
  for (const piece of piecesOf(REASONING)) yield [between(30, 90), choice({ reasoning_content: piece })]
  for (const [index, sentence] of TEXT.entries())
    for (const [at, piece] of piecesOf(sentence).entries())
      yield [index > 0 && at === 0 ? STALL : between(40, 120), choice({ content: piece })]
  const call = { index: 0, id: 'call_1', type: 'function', function: { name: CALL.name, arguments: '' } }
  yield [between(100, 200), choice({ tool_calls: [call] })]
  for (const piece of CALL.arguments.match(/.{1,12}/g) ?? [])
    yield [between(30, 90), choice({ tool_calls: [{ index: 0, function: { arguments: piece } }] })]
  yield [50, choice({}, 'tool_calls')]
  yield [5, { choices: [], usage: USAGE }]
}

function choice(delta: object, reason: string | null = null): object {
  return { choices: [{ index: 0, delta, finish_reason: reason }] }
}

/** About a word each, as models do it. */
function piecesOf(text: string): string[] {
  return text.match(/\S+\s*/g) ?? []
}
