/** `{{$secret NAME}}` in specifications: it names a secret, and is none. */
import { MASK } from '../shared/secrets.ts'
import type { ConnectionSpec } from '../shared/spec.ts'
import { valuesBetween } from './values-between.ts'

const SECRET = /\{\{[ \t]{0,8}\$secret[ \t]{1,8}(?<name>[\w.-]{1,256})[ \t]{0,8}\}\}/g
/** A whole value, perhaps after the scheme of credentials. */
const ONLY_SECRET = /^(?:[\w-]{1,32} {1,8})?\{\{[ \t]{0,8}\$secret[ \t]{1,8}[\w.-]{1,256}[ \t]{0,8}\}\}$/
const MAX_DEPTH = 32

/** The masked text with the placeholders back that the original has where it is masked. */
export function withPlaceholdersOf(original: string, masked: string): string {
  if (original.search(SECRET) < 0) return masked
  const values = valuesBetween(masked, original)
  if (values === undefined) return masked
  const pieces = masked.split(MASK)
  return pieces
    .flatMap((piece, i) => {
      const value = values[i]
      if (value === undefined) return [piece]
      return [piece, ONLY_SECRET.test(value) ? value : MASK]
    })
    .join('')
}

export interface FilledSecrets {
  readonly spec: ConnectionSpec
  /** The values that were filled in. */
  readonly secrets: readonly string[]
}

/** Fills the placeholders of secrets. `secretOf` is asked once for each name; what it rejects with is passed on. */
export async function fillSecretPlaceholders(
  spec: ConnectionSpec,
  secretOf: (name: string) => Promise<string>,
): Promise<FilledSecrets> {
  const values = new Map<string, string>()
  for (const [, name = ''] of JSON.stringify(spec).matchAll(SECRET))
    if (!values.has(name)) values.set(name, await secretOf(name))
  if (values.size === 0) return { spec, secrets: [] }
  return {
    spec: withTexts(spec, (text) => text.replaceAll(SECRET, (_, name: string) => values.get(name) ?? MASK)),
    secrets: [...values.values()],
  }
}

/** The specification of somebody who did not mean these as placeholders: nothing may fill them in later. */
export function withoutSecretPlaceholders(spec: ConnectionSpec): ConnectionSpec {
  return withTexts(spec, (text) => text.replaceAll(SECRET, MASK))
}

/** The specification with `***` in place of the placeholders that only a request can fill in. */
export function onlySecretPlaceholders(spec: ConnectionSpec): ConnectionSpec {
  return withTexts(spec, (text) =>
    text.replaceAll(/\{\{[^{}\r\n]{1,300}\}\}/g, (written) => (written.search(SECRET) >= 0 ? written : MASK)),
  )
}

/** The specification with each of its texts changed. */
export function withTexts(spec: ConnectionSpec, change: (text: string) => string): ConnectionSpec {
  return changed(spec, change) as ConnectionSpec
}

function changed(value: unknown, change: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return change(value)
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value
  if (Array.isArray(value)) return value.map((each) => changed(each, change, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, changed(each, change, depth + 1)]),
  )
}
