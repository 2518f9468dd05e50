/** Servers that stream answers as vendors of language models do. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import { serveHttp } from '../../support/loopback.ts'

/** A server, and the request to it that is answered by a stream. */
export interface ModelServer {
  readonly spec: ConnectionSpec
  /** Lets a stream that stands still go on. */
  release(): void
}

type Send = (data: unknown, event?: string) => void

async function serveModel(
  path: string,
  model: string,
  answer: (send: Send, held: Promise<void>) => Promise<void>,
): Promise<ModelServer> {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const url = await serveHttp(async (request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const send: Send = (data, event) => {
      const text = typeof data === 'string' ? data : JSON.stringify(data)
      response.write(`${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`)
    }
    await answer(send, held)
    response.end()
  })
  const body = JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'Why?' }] })
  return {
    spec: {
      url: new URL(path, url).href,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      reconnect: 'never',
    },
    release: () => release(),
  }
}

/** Chat completions: reasoning, text with a stall in it, a tool call, usage. Stands still before the text goes on. */
export function serveOpenAi(stall: number): Promise<ModelServer> {
  return serveModel('/v1/chat/completions', 'demo-large', async (send, held) => {
    const chunk = (delta: unknown, finish: string | null = null) =>
      send({
        id: 'chatcmpl-1',
        object: 'chat.completion.chunk',
        model: 'demo-large',
        choices: [{ index: 0, delta, finish_reason: finish }],
      })
    for (const word of ['The user', ' asks', ' why.']) chunk({ reasoning_content: word })
    for (const word of ['ACME **rose**', ' <b>by</b>', ' 0.80 %,']) {
      await sleep(15)
      chunk({ content: word })
    }
    await held
    await sleep(stall)
    for (const word of [' fourteen', ' trades.']) {
      chunk({ content: word })
      await sleep(15)
    }
    const call = (part: object) => chunk({ tool_calls: [{ index: 0, ...part }] })
    call({ id: 'call_7Qm2', type: 'function', function: { name: 'get_prices', arguments: '' } })
    for (const piece of ['{"symbol":', '"ACME","days":', '12}']) call({ function: { arguments: piece } })
    chunk({}, 'tool_calls')
    send({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      model: 'demo-large',
      choices: [],
      usage: {
        prompt_tokens: 1184,
        completion_tokens: 276,
        prompt_tokens_details: { cached_tokens: 1024 },
        completion_tokens_details: { reasoning_tokens: 96 },
      },
    })
    send('[DONE]')
  })
}

/** Messages: thinking and text. Stands still before its last words. */
export function serveAnthropic(): Promise<ModelServer> {
  return serveModel('/v1/messages', 'claude-demo', async (send, held) => {
    const event = (type: string, more: object) => send({ type, ...more }, type)
    const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-demo', content: [] }
    event('message_start', { message: { ...message, usage: { input_tokens: 25, output_tokens: 1 } } })
    event('content_block_start', { index: 0, content_block: { type: 'thinking', thinking: '' } })
    event('content_block_delta', { index: 0, delta: { type: 'thinking_delta', thinking: 'One step.' } })
    event('content_block_stop', { index: 0 })
    event('content_block_start', { index: 1, content_block: { type: 'text', text: '' } })
    for (const text of ['The step', ' stands']) {
      event('content_block_delta', { index: 1, delta: { type: 'text_delta', text } })
      await sleep(15)
    }
    await held
    event('content_block_delta', { index: 1, delta: { type: 'text_delta', text: ' alone.' } })
    event('content_block_stop', { index: 1 })
    event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 15 } })
    event('message_stop', {})
  })
}

/** Chat completions: as many words as that at once, some with line breaks. */
export function serveLongOpenAi(words: number): Promise<ModelServer> {
  return serveModel('/v1/chat/completions', 'demo-large', async (send) => {
    for (let i = 0; i < words; i++)
      send({
        object: 'chat.completion.chunk',
        model: 'demo-large',
        choices: [{ index: 0, delta: { content: i % 50 === 49 ? `.\n\n` : ` word${i}` } }],
      })
    send('[DONE]')
  })
}
