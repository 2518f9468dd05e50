/** Reads the JSON and the YAML of other programs. */
import { Failure, sentenceOf } from '../../shared/failure.ts'

/** Aliases can make a small file a large value. */
const MAX_ALIASES = 100
/** Characters of YAML. More would take seconds to read. */
const MAX_YAML = 2 * 1024 * 1024

function unreadable(path: string | undefined, kind: string, thrown: unknown): Failure {
  const [first = ''] = sentenceOf(thrown).split('\n', 1)
  return new Failure(
    'BAD_FILE',
    `${path ?? 'The text'} is not valid ${kind}: ${first.replace(/[.:]?$/, '.')} Export it again.`,
  )
}

/** The value of a JSON text. Throws a `Failure` `BAD_FILE`. */
export function foreignJson({ path, text }: { readonly path?: string; readonly text: string }): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (thrown) {
    throw unreadable(path, 'JSON', thrown)
  }
}

/** The value of a YAML text, without its tags. Rejects with a `Failure` `BAD_FILE`. */
export async function foreignYaml({
  path,
  text,
}: {
  readonly path?: string
  readonly text: string
}): Promise<unknown> {
  if (text.length > MAX_YAML)
    throw new Failure('TOO_LARGE', `${path ?? 'The text'} has more than ${MAX_YAML} characters of YAML.`)
  // Most files are read without it.
  const { parse } = await import('yaml')
  try {
    return parse(text, { maxAliasCount: MAX_ALIASES, uniqueKeys: false, logLevel: 'silent' })
  } catch (thrown) {
    // Deep nesting ends in a RangeError.
    throw unreadable(path, 'YAML', thrown)
  }
}

/** The list; empty if it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The text of a text, a number or a boolean; empty for others. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}
