/** Reads the JSON and the YAML of other programs. */
import { Failure, sentenceOf } from '../../shared/failure.ts'
import type { ForeignFile } from './imported.ts'

/** Aliases of a YAML text. */
const MAX_ALIASES = 1000
/** Characters of YAML. More would take seconds to read. */
const MAX_YAML = 2 * 1024 * 1024
/** Values and characters, those that aliases repeat each time. */
const MAX_VALUES = 4_000_000
const MAX_LENGTH = 64 * 1024 * 1024
/** Lists in lists. */
const MAX_DEPTH = 200

function unreadable(path: string | undefined, kind: string, thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown
  const [first = ''] = sentenceOf(thrown).split('\n', 1)
  return new Failure(
    'BAD_FILE',
    `${path ?? 'The text'} is not valid ${kind}: ${first.replace(/[.:]?$/, '.')} Export it again.`,
  )
}

/** The value of a JSON text. Throws a `Failure` `BAD_FILE`. */
export function foreignJson({ path, text }: ForeignFile): unknown {
  try {
    return bounded(JSON.parse(text.replace(/^\ufeff/, '')), path)
  } catch (thrown) {
    throw unreadable(path, 'JSON', thrown)
  }
}

/** Whether a text looks like a JSON object. */
export function isJsonObject(text: string): boolean {
  return /^[\s\ufeff]*\{/.test(text)
}

/** The value of a text in JSON or YAML. Rejects with a `Failure`: `BAD_FILE` or `TOO_LARGE`. */
export async function foreignValue(file: ForeignFile): Promise<unknown> {
  return isJsonObject(file.text) ? foreignJson(file) : await foreignYaml(file)
}

/** The value of a YAML text. Rejects with a `Failure` `BAD_FILE`. */
export async function foreignYaml({ path, text }: ForeignFile): Promise<unknown> {
  if (text.length > MAX_YAML)
    throw new Failure('TOO_LARGE', `${path ?? 'The text'} has more than ${MAX_YAML} characters of YAML.`)
  // Most files are read without it.
  const { load } = await import('js-yaml')
  try {
    return bounded(load(text.replace(/^\ufeff/, ''), { json: true, maxAliases: MAX_ALIASES }), path)
  } catch (thrown) {
    throw unreadable(path, 'YAML', thrown)
  }
}

/**
 * Returns the value. Throws a `Failure` `TOO_LARGE` if it is deep, which would overflow the stack of its readers, or if
 * aliases make it large.
 */
function bounded(value: unknown, path: string | undefined): unknown {
  const open: [unknown, number][] = [[value, 0]]
  let [count, length] = [0, 0]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [each, depth] = next
    count++
    if (typeof each === 'string') length += each.length
    else if (typeof each === 'object' && each !== null)
      for (const member of Object.values(each)) open.push([member, depth + 1])
    if (depth > MAX_DEPTH || count + open.length > MAX_VALUES || length > MAX_LENGTH)
      throw new Failure(
        'TOO_LARGE',
        `${path ?? 'The text'} has too many values, or they are nested too deeply.`,
      )
  }
  return value
}

/** The list; empty if the value is not a list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The text of a text, a number or a boolean; empty for others. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}
