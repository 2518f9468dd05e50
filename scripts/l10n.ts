/**
 * Collects the texts that `l10n.t` shows in the extension and in its pages, and writes them to l10n/bundle.l10n.json for
 * translators: `node scripts/l10n.ts`. Each text is the key of its translations and the English text.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './paths.ts'

export const BUNDLE = join(ROOT, 'l10n', 'bundle.l10n.json')

const CALL = /\bl10n\.t\(/g
/** A call whose first argument is a literal in quotes, without escapes other than quotes. */
const CALL_WITH_LITERAL = /\bl10n\.t\(\s*(?:'((?:[^'\\\n]|\\')*)'|"((?:[^"\\\n]|\\")*)")\s*[,)]/g

/** Texts that the editor, its pages and the terminal share. */
const SHARED = ['src/shared/faults/fault-words.ts']

/** Paths of the source files whose texts are shown in the editor. */
export function translatedFiles(): string[] {
  const own = ['src/vscode', 'webview'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => join(folder, name)),
  )
  return [...own, ...SHARED]
}

/** The content of the bundle. Throws if the first argument of a call is not a string literal. */
export function makeBundle(): string {
  const texts = translatedFiles().flatMap((name) => {
    const source = readFileSync(join(ROOT, name), 'utf8')
    const calls = [...source.matchAll(CALL_WITH_LITERAL)]
    if (calls.length !== [...source.matchAll(CALL)].length)
      throw new Error(`${name}: the first argument of l10n.t has to be a string literal.`)
    return calls.map(([, single, double]) => (single ?? double ?? '').replaceAll(/\\(['"])/g, '$1'))
  })
  const sorted = [...new Set(texts)].sort()
  return `${JSON.stringify(Object.fromEntries(sorted.map((text) => [text, text])), undefined, 2)}\n`
}

if (import.meta.main) writeFileSync(BUNDLE, makeBundle())
