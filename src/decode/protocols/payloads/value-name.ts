/** What a value calls itself. */

import { isFields, ownValue } from '../../../shared/fields.ts'
import { NAMING_FIELDS } from '../../../shared/naming-fields.ts'

export function nameIn(value: unknown): string | undefined {
  if (!isFields(value)) return undefined
  for (const field of NAMING_FIELDS) {
    const name = ownValue(value, field)
    if (typeof name === 'string') return name
  }
  return undefined
}
