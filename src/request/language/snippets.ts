/** Whole requests to begin with, in the editor's syntax of snippets. A `$` of the text itself is written as `\$`. */

export interface RequestSnippet {
  /** What is typed to find it. */
  readonly label: string
  readonly hint: string
  readonly body: string
}

export const REQUEST_SNIPPETS: readonly RequestSnippet[] = [
  {
    label: 'websocket',
    hint: 'A WebSocket that sends two messages',
    body: `### \${1:Chat}
WEBSOCKET \${2:wss://\${3:localhost:8080}/}

\${4:{ "type": "hello" \\}}
=== wait-for-server
\${5:{ "type": "subscribe" \\}}
$0`,
  },
  {
    label: 'sse',
    hint: 'Server-Sent Events',
    body: `### \${1:Events}
SSE \${2:https://\${3:localhost:8080}/events}
$0`,
  },
  {
    label: 'long-poll',
    hint: 'Long polling that continues with a value of the last response',
    body: `### \${1:Changes}
# @option cursor \${2:header:X-Consul-Index:index}
LONGPOLL \${3:http://\${4:localhost:8500}/v1/kv/config?wait=5m}
$0`,
  },
  {
    label: 'graphql-subscription',
    hint: 'A GraphQL subscription over a WebSocket (graphql-transport-ws)',
    body: `### \${1:Prices}
# @option protocol graphql-transport-ws
WEBSOCKET \${2:wss://\${3:localhost:4000}/graphql}

{ "query": "subscription { \${4:onPrice { value \\}} }" }
$0`,
  },
  {
    label: 'socket.io',
    hint: 'Socket.IO: connects, and emits an event with an acknowledgement',
    body: `### \${1:Socket.IO}
# @option protocol socket.io
WEBSOCKET \${2:ws://\${3:localhost:3000}/socket.io/?EIO=4&transport=websocket}

{ "event": "\${4:join}", "args": [\${5:"room"}], "ack": true }
$0`,
  },
  {
    label: 'llm-stream',
    hint: 'The answer of a language model, as it is written',
    body: `### \${1:Explain}
POST \${2:https://\${3:api.openai.com}/v1/chat/completions}
Accept: text/event-stream
Content-Type: application/json
Authorization: Bearer {{\\$secret \${4:LLM_KEY}}}

{
  "model": "\${5:gpt-4o-mini}",
  "stream": true,
  "messages": [{ "role": "user", "content": "\${6:Explain Server-Sent Events in two sentences.}" }]
}
$0`,
  },
]
