/** Whole requests to begin with, in the editor's syntax of snippets. A `$` of the text itself is written as `\$`. */
import { type Preset, snippetOf } from '../presets/preset.ts'
import { PRESETS, parsePreset } from '../presets/table.ts'

export interface RequestSnippet {
  /** What is typed to find it. */
  readonly label: string
  readonly hint: string
  /** More about it, in Markdown. */
  readonly about?: string
  readonly body: string
}

const OWN: readonly RequestSnippet[] = [
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
]

let all: readonly RequestSnippet[] | undefined

/** The snippets: of each technique, and of each preset. */
export function requestSnippets(): readonly RequestSnippet[] {
  all ??= [...OWN, ...PRESETS.map(snippetFor)]
  return all
}

function snippetFor(preset: Preset): RequestSnippet {
  const { name, hint } = preset
  return { label: name, hint, about: aboutPreset(preset), body: snippetOf(parsePreset(preset).file) }
}

function aboutPreset({ resume, quiet, documents }: Preset): string {
  return `**Resumes:** ${resume}.\n\n**If nothing is new:** ${quiet}.\n\n[Documents](${documents})`
}
