/** APIs of language models. */
import type { Preset } from '../preset.ts'

const MOCK = '@copilotkit/aimock 1.43.0, a mock server that others wrote'
const NOT_RESUMED = 'Not at all: a request that is cut off is not sent again by itself'

export const MODELS: readonly Preset[] = [
  {
    name: 'openai',
    title: 'OpenAI-compatible chat',
    hint: 'The answer of a language model, as it is written',
    request: `### OpenAI
# The address of the API
@openai = https://api.openai.com
# The model
@openai_model = gpt-4o-mini
# Your question
@openai_question = Explain Server-Sent Events in two sentences.
SSE {{openai}}/v1/chat/completions
Authorization: Bearer {{$secret OPENAI_API_KEY}}
Content-Type: application/json

# @format json
{
  "model": "{{openai_model}}",
  "stream": true,
  "stream_options": { "include_usage": true },
  "messages": [{ "role": "user", "content": "{{openai_question}}" }]
}
`,
    resume: `${NOT_RESUMED}. \`data: [DONE]\` ends the answer`,
    quiet: 'Nothing is sent; some gateways send comments',
    triedAgainst: { standIn: 'Chat Completions API', byHand: MOCK },
    documents: 'https://platform.openai.com/docs/api-reference/chat-streaming',
  },
  {
    name: 'anthropic',
    title: 'Anthropic messages',
    hint: 'The answer of Claude, as it is written',
    request: `### Anthropic
# The address of the API
@anthropic = https://api.anthropic.com
# The model
@anthropic_model = claude-sonnet-4-5
# Your question
@anthropic_question = Explain Server-Sent Events in two sentences.
SSE {{anthropic}}/v1/messages
X-Api-Key: {{$secret ANTHROPIC_API_KEY}}
Anthropic-Version: 2023-06-01
Content-Type: application/json

# @format json
{
  "model": "{{anthropic_model}}",
  "stream": true,
  "max_tokens": 1024,
  "messages": [{ "role": "user", "content": "{{anthropic_question}}" }]
}
`,
    resume: `${NOT_RESUMED}. The event \`message_stop\` ends the answer`,
    quiet: 'Events `ping`, which are messages',
    triedAgainst: { standIn: 'version 2023-06-01', byHand: MOCK },
    documents: 'https://docs.claude.com/en/docs/build-with-claude/streaming',
  },
  {
    name: 'gemini',
    title: 'Gemini content',
    hint: 'The answer of Gemini, in pieces',
    request: `### Gemini
# The address of the API
@gemini = https://generativelanguage.googleapis.com
# The model
@gemini_model = gemini-2.5-flash
# Your question
@gemini_question = Explain Server-Sent Events in two sentences.
SSE {{gemini}}/v1beta/models/{{gemini_model}}:streamGenerateContent?alt=sse
X-Goog-Api-Key: {{$secret GEMINI_API_KEY}}
Content-Type: application/json

# @format json
{ "contents": [{ "role": "user", "parts": [{ "text": "{{gemini_question}}" }] }] }
`,
    resume: `${NOT_RESUMED}. The answer ends with the response; its last piece has a \`finishReason\``,
    quiet: 'Nothing is sent',
    triedAgainst: { standIn: 'v1beta', byHand: MOCK },
    documents: 'https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent',
  },
  {
    name: 'ollama',
    title: 'Ollama chat',
    hint: 'The answer of a model on this computer',
    request: `### Ollama
# The address of Ollama
@ollama = http://localhost:11434
# The model, which has to be pulled before
@ollama_model = llama3.2
# Your question
@ollama_question = Explain Server-Sent Events in two sentences.
STREAM {{ollama}}/api/chat
Content-Type: application/json

# @format json
{ "model": "{{ollama_model}}", "messages": [{ "role": "user", "content": "{{ollama_question}}" }] }
`,
    resume: `${NOT_RESUMED}. The line with \`"done": true\` ends the answer`,
    quiet: 'Nothing is sent, also while the model is loaded',
    triedAgainst: { standIn: 'its API', byHand: MOCK },
    documents: 'https://docs.ollama.com/api/chat',
  },
]
