/** The protocols of language models. To add a vendor, add a dialect. */

import { fieldsOf, isFields } from '../../../shared/fields.ts'
import type { Decoder } from '../../decoder.ts'
import { headerOf } from '../../facts.ts'
import { listOf } from '../fields.ts'
import { isUiMessage, uiMessageParts } from './ai-sdk-parts.ts'
import { anthropicParts } from './anthropic-parts.ts'
import { byPath, type ModelDialect } from './dialect.ts'
import { geminiParts, isGemini } from './gemini-parts.ts'
import { modelDecoder } from './model-decoder.ts'
import { isOllama, ollamaParts } from './ollama-parts.ts'
import { chatParts, isChat } from './openai-chat.ts'
import { isResponses, responsesParts } from './openai-responses.ts'

const openAi: ModelDialect = {
  name: 'openai',
  recognize: (facts) =>
    byPath(facts, /\/(?:chat|v1)\/completions$|\/v1\/responses(?:\/[\w-]+)?$|\/openai\/responses$/),
  recognizeMessage: (value, { isRequest }) => {
    if (isRequest) return undefined
    if (isChat(value)) return `a ${String(value.object)} of OpenAI`
    return isResponses(value) ? `a ${String(value.type ?? value.object)} of OpenAI` : undefined
  },
  parts: (value) =>
    typeof value.type === 'string' || value.object === 'response' ? responsesParts(value) : chatParts(value),
}

const anthropic: ModelDialect = {
  name: 'anthropic',
  recognize: (facts) =>
    byPath(facts, /\/v1\/messages$|:streamRawPredict$/) !== undefined &&
    (headerOf(facts.requestHeaders, 'anthropic-version') !== undefined || facts.url?.includes('anthropic'))
      ? `path and headers of Anthropic's messages`
      : undefined,
  recognizeMessage: (value, { isRequest, facts }) => {
    if (isRequest) {
      const { anthropic_version, model, max_tokens, messages } = value
      const isMessages =
        typeof model === 'string' && typeof max_tokens === 'number' && Array.isArray(messages)
      if (
        typeof anthropic_version === 'string' ||
        (isMessages && byPath(facts, /\/v1\/messages$/) !== undefined)
      )
        return `a request for Anthropic's messages`
    }
    const { type, message } = value
    if (type === 'message_start' && fieldsOf(message).type === 'message')
      return 'a message_start of Anthropic'
    return type === 'message' && value.role === 'assistant' && Array.isArray(value.content)
      ? 'a message of Anthropic'
      : undefined
  },
  parts: anthropicParts,
}

const gemini: ModelDialect = {
  name: 'gemini',
  recognize: (facts) => byPath(facts, /:(?:streamGenerateContent|generateContent)$/),
  recognizeMessage: (value, { isRequest }) => {
    if (isRequest)
      return listOf(value.contents).some((each) => Array.isArray(fieldsOf(each).parts))
        ? 'contents with parts, as in requests of Gemini'
        : undefined
    return isGemini(value) ? 'a response of Gemini' : undefined
  },
  parts: geminiParts,
  modelIn: (path) => /\/models\/([^/:]+):/.exec(path)?.[1],
}

const AI_SDK_HEADER = 'x-vercel-ai-ui-message-stream'

const aiSdk: ModelDialect = {
  name: 'ai-sdk',
  recognize: ({ responseHeaders }) => {
    const version = headerOf(responseHeaders, AI_SDK_HEADER)
    return version === undefined ? undefined : `header ${AI_SDK_HEADER}: ${version}`
  },
  recognizeMessage: (value, { isRequest }) => {
    if (!isRequest) return isUiMessage(value) ? `a ${String(value.type)} of the AI SDK` : undefined
    const isChatRequest =
      typeof value.trigger === 'string' &&
      listOf(value.messages).some((each) => Array.isArray(fieldsOf(each).parts))
    return isChatRequest ? `messages with parts, as in requests of the AI SDK` : undefined
  },
  parts: uiMessageParts,
}

const ollama: ModelDialect = {
  name: 'ollama',
  recognize: (facts) =>
    headerOf(facts.responseHeaders, 'content-type')?.startsWith('application/x-ndjson') ||
    headerOf(facts.requestHeaders, 'user-agent')?.startsWith('ollama')
      ? byPath(facts, /\/api\/(?:chat|generate)$/)
      : undefined,
  recognizeMessage: (value, { isRequest, facts }) => {
    if (!isRequest) return isOllama(value) ? 'a line of Ollama' : undefined
    const isBody = typeof value.model === 'string' && (isFields(value.options) || urlHasPort(facts.url))
    return isBody ? byPath(facts, /\/api\/(?:chat|generate)$/) : undefined
  },
  parts: ollamaParts,
}

function urlHasPort(url = ''): boolean {
  return /^https?:\/\/[^/]*:11434\//.test(url)
}

export const MODEL_DIALECTS: readonly ModelDialect[] = [openAi, anthropic, gemini, aiSdk, ollama]
export const LANGUAGE_MODELS: readonly Decoder[] = MODEL_DIALECTS.map(modelDecoder)
