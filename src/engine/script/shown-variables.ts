/** Variables as the status of a connection shows them to everybody. */
import type { KnownSecrets } from '../../shared/secrets/known-secrets.ts'
import { isSecretName } from '../../shared/secrets/names.ts'
import { looksSecret, MASK, maskText } from '../../shared/secrets.ts'

/** Characters of a value. */
const MAX_SHOWN = 200

/** Secrets are masked, and long values are shortened. */
export function shownVariables(
  variables: Readonly<Record<string, string>>,
  secrets: KnownSecrets,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, shown(name, value, secrets)]),
  )
}

function shown(name: string, value: string, secrets: KnownSecrets): string {
  if (isSecretName(name) || looksSecret(value)) return MASK
  // Masked first: a part of a secret would not be found.
  const masked = maskText(secrets.mask(value))
  return masked.length > MAX_SHOWN ? `${masked.slice(0, MAX_SHOWN)}…` : masked
}
