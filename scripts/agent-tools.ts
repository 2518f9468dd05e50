/** Writes the tools for agents of `src/agents` into package.json, after a change of their descriptions or inputs: `node scripts/agent-tools.ts`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jsonSchemaOf } from '../src/agents/json-schema.ts'
import { TOOLS } from '../src/agents/tools.ts'
import { ROOT } from './paths.ts'

const ICONS: Readonly<Record<string, string>> = {
  ...{
    realtime_connect: 'plug',
    realtime_list: 'list-tree',
    realtime_events: 'list-flat',
    realtime_send: 'send',
  },
  ...{ realtime_wait: 'watch', realtime_diagnose: 'checklist', realtime_compare: 'diff' },
  realtime_disconnect: 'debug-disconnect',
}

/** `contributes.languageModelTools` of package.json. What people read is in package.nls.json. */
export function contributedTools() {
  return TOOLS.map((tool) => {
    const { name, description } = tool
    const key = `tool.${name.replace('realtime_', '')}`
    return {
      name,
      displayName: `%${key}%`,
      toolReferenceName: name.replace(/_(\w)/, (_, letter: string) => letter.toUpperCase()),
      canBeReferencedInPrompt: true,
      icon: `$(${ICONS[name] ?? 'plug'})`,
      userDescription: `%${key}.description%`,
      modelDescription: description,
      tags: ['realtime', 'websocket', 'sse', 'debugging'],
      inputSchema: jsonSchemaOf(tool),
    }
  })
}

if (import.meta.main) {
  const file = join(ROOT, 'package.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8'))
  manifest.contributes.languageModelTools = contributedTools()
  writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`)
}
