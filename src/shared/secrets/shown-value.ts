/** The value of a variable as everybody may see it. */

import { shortened } from '../text/shortened.ts'
import { looksSecret } from './credential-formats.ts'
import type { KnownSecrets } from './known-secrets.ts'
import { MASK } from './masking.ts'
import { isSecretName } from './names.ts'
import { maskText } from './text.ts'

/** Characters of a value. */
const MAX_SHOWN = 200

/** Secrets are masked, and a long value is shortened. */
export function shownValue(name: string, value: string, secrets?: KnownSecrets): string {
  if (isSecretName(name) || looksSecret(value)) return MASK
  // Masked first: a part of a secret would not be found.
  return shortened(maskText(secrets?.mask(value) ?? value), MAX_SHOWN)
}
