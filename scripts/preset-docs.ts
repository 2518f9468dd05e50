/** Writes the presets into docs/presets.md: `node scripts/preset-docs.ts`. The text before them is written by hand. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Preset } from '../src/request/presets/preset.ts'
import { techniqueOf } from '../src/request/presets/preset.ts'
import { PRESETS, parsePreset } from '../src/request/presets/table.ts'
import { ROOT } from './paths.ts'

export const PRESETS_DOCUMENT = join(ROOT, 'docs', 'presets.md')

const BEGIN = '<!-- Written by scripts/preset-docs.ts from the table in src/request/presets. -->\n'

/** The document with the presets as they are. */
export function presetsDocument(document: string): string {
  const [head = ''] = document.split(BEGIN)
  const rows = PRESETS.map(
    (preset) =>
      `| [${preset.title}](#${anchorOf(preset.title)}) | ${preset.hint} | ${techniqueOf(parsePreset(preset).request)} | ${triedAgainst(preset)} |`,
  )
  const table = ['| Preset | What it does | Technique | Tried against |', '|---|---|---|---|', ...rows]
  return `${head}${BEGIN}\n${table.join('\n')}\n\n${PRESETS.map(section).join('\n')}`
}

function section(preset: Preset): string {
  const { name, title, hint, request, resume, quiet, documents } = preset
  return `## ${title}

${hint}. Completion: \`${name}\`. [Documents](${documents}).

- **Resumes:** ${resume}.
- **If nothing is new:** ${quiet}.
- **Tried against:** ${triedAgainst(preset)}.

\`\`\`http
${request.trimEnd()}
\`\`\`
`
}

/** What the tests run it against. */
function triedAgainst({ triedAgainst: against }: Preset): string {
  if ('npm' in against) return `${against.npm} ${versionOf(against.npm)}, a real server from npm`
  if ('debian' in against) return `${against.debian} ${against.version}, a real server from Debian 12`
  const byHand = against.byHand === undefined ? '' : `; once by hand, ${against.byHand}`
  return `a stand-in written from the documents (${against.standIn})${byHand}`
}

/** Major and minor version, in the lock file. */
function versionOf(name: string): string {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
  const version: string = packages[`node_modules/${name}`].version
  return version.split('.').slice(0, 2).join('.')
}

/** The id that repository pages give to a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-')
}

if (import.meta.main) writeFileSync(PRESETS_DOCUMENT, presetsDocument(readFileSync(PRESETS_DOCUMENT, 'utf8')))
