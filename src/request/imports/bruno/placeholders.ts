/** What is between double braces in Bruno. */
import { dynamicValue } from '../dynamic-values.ts'
import { variableName } from '../placeholders.ts'
import { askFor, Translation } from '../translation.ts'

/** Translates the texts of Bruno. */
export function brunoTranslation(): Translation {
  return new Translation(translate)
}

function translate(inside: string): string | undefined {
  if (inside.startsWith('?')) return askFor(inside.slice(1))
  if (inside.startsWith('$')) return dynamicValue(inside.slice(1))
  const [, processName] = /^process\.env\.([A-Za-z_]\w{0,100})$/.exec(inside) ?? []
  if (processName !== undefined) return `{{$processEnv ${processName}}}`
  const name = variableName(inside)
  return name === '' || /[^\w. -]/.test(inside) ? undefined : `{{${name}}}`
}
