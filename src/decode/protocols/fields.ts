/** Values in JSON that another program wrote. */
import { fieldsOf } from '../../shared/fields.ts'

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** The sum of the numbers among the values; undefined if there are none. */
export function sumOf(...values: readonly unknown[]): number | undefined {
  const numbers = values.filter((value) => typeof value === 'number')
  return numbers.length === 0 ? undefined : numbers.reduce((sum, value) => sum + value, 0)
}

/** The message of an error, in whichever field it is. */
export function errorText(error: unknown): string {
  if (typeof error === 'string') return error
  const { message, type, code, status } = fieldsOf(error)
  for (const text of [message, type, status, code]) if (typeof text === 'string' && text !== '') return text
  return 'error'
}
