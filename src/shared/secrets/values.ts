/** Masks values by the names of the members that have them. */
import { looksSecret } from './credential-formats.ts'
import { hide, MASK, type Masking } from './masking.ts'
import { isSecretName } from './names.ts'
import { maskText } from './text.ts'

/** The values with secrets replaced by `***`: members with the name of a secret, and texts that look like one. */
export function maskValues(
  values: Readonly<Record<string, unknown>>,
  masking: Masking = {},
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, maskValue(name, value, masking)]),
  )
}

function maskValue(name: string, value: unknown, masking: Masking): unknown {
  if (Array.isArray(value)) return value.map((item) => maskValue(name, item, masking))
  if (typeof value === 'object' && value !== null)
    return maskValues(value as Readonly<Record<string, unknown>>, masking)
  if (value === null || typeof value === 'boolean') return value
  if (isSecretName(name, masking) || (typeof value === 'string' && looksSecret(value)))
    return hide(name, masking) ? MASK : value
  return typeof value === 'string' ? maskText(value, masking) : value
}
