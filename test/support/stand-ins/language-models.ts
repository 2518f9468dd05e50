/** The answers of language models, as their vendors document them. */
import { json } from 'node:stream/consumers'
import { StandIn } from './stand-in.ts'

interface Api {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly type: string
  readonly answer: readonly string[]
}

const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`
const typed = (type: string, fields: object = {}) => `event: ${type}\n${data({ type, ...fields })}`
const choice = (delta: object, finish_reason: string | null = null) =>
  data({ object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] })
const candidate = (text: string, more: object = {}) =>
  data({ candidates: [{ content: { role: 'model', parts: [{ text }] }, ...more }] })

export const APIS = {
  openai: {
    path: '/v1/chat/completions',
    headers: { authorization: 'Bearer OPENAI_API_KEY' },
    type: 'text/event-stream',
    answer: [choice({ content: 'Hel' }), choice({ content: 'lo' }), choice({}, 'stop'), 'data: [DONE]\n\n'],
  },
  anthropic: {
    path: '/v1/messages',
    headers: { 'x-api-key': 'ANTHROPIC_API_KEY', 'anthropic-version': '2023-06-01' },
    type: 'text/event-stream',
    answer: [
      typed('message_start', { message: { id: 'msg_1', role: 'assistant', content: [] } }),
      typed('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
      typed('ping'),
      typed('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hello' } }),
      typed('content_block_stop', { index: 0 }),
      typed('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1 } }),
      typed('message_stop'),
    ],
  },
  gemini: {
    path: '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    headers: { 'x-goog-api-key': 'GEMINI_API_KEY' },
    type: 'text/event-stream',
    answer: [candidate('Hel'), candidate('lo', { finishReason: 'STOP' })],
  },
  ollama: {
    path: '/api/chat',
    headers: {},
    type: 'application/x-ndjson',
    answer: [
      '{"model":"llama3.2","message":{"role":"assistant","content":"Hello"},"done":false}\n',
      '{"model":"llama3.2","message":{"role":"assistant","content":""},"done_reason":"stop","done":true}\n',
    ],
  },
} as const satisfies Readonly<Record<string, Api>>

/** Answers the request of one API, and refuses all others. */
export class LanguageModel extends StandIn {
  readonly #api: Api
  question = ''

  constructor(name: keyof typeof APIS) {
    super()
    this.#api = APIS[name]
  }

  serve(): Promise<this> {
    const { path, headers, type, answer } = this.#api
    return this.start((request, response) => {
      const isKnown = Object.entries(headers).every(([name, value]) => request.headers[name] === value)
      if (request.method !== 'POST' || request.url !== path || !isKnown) {
        response.writeHead(404).end()
        return
      }
      void json(request).then((body) => {
        this.question = JSON.stringify(body)
        response.writeHead(200, { 'Content-Type': type })
        for (const piece of answer) response.write(piece)
        response.end()
      })
    })
  }
}
