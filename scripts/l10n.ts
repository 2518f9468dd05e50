/**
 * Collects the texts that `vscode.l10n.t` shows, and writes them to l10n/bundle.l10n.json for translators:
 * `node scripts/l10n.ts`. Each text is the key of its translations and the English text.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './paths.ts'

export const BUNDLE = join(ROOT, 'l10n', 'bundle.l10n.json')

const CALL = /\bl10n\.t\(/g
/** A call whose first argument is a literal in quotes, without escapes other than quotes. */
const CALL_WITH_LITERAL = /\bl10n\.t\(\s*(?:'((?:[^'\\\n]|\\')*)'|"((?:[^"\\\n]|\\")*)")\s*[,)]/g

/** The content of the bundle for the code of src/vscode. Throws if a call has a text that is not a literal. */
export function makeBundle(): string {
  const folder = join(ROOT, 'src', 'vscode')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
  const texts = files.flatMap((name) => {
    const source = readFileSync(join(folder, name), 'utf8')
    const calls = [...source.matchAll(CALL_WITH_LITERAL)]
    if (calls.length !== [...source.matchAll(CALL)].length)
      throw new Error(`src/vscode/${name}: the first argument of l10n.t has to be a string literal.`)
    return calls.map(([, single, double]) => (single ?? double ?? '').replaceAll(/\\(['"])/g, '$1'))
  })
  const sorted = [...new Set(texts)].sort()
  return `${JSON.stringify(Object.fromEntries(sorted.map((text) => [text, text])), undefined, 2)}\n`
}

if (import.meta.main) writeFileSync(BUNDLE, makeBundle())
