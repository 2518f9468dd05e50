/** Fields of JSON that another program wrote, and that may lack any of them. */

export type Fields = Readonly<Record<string, unknown>>

const NONE: Fields = Object.freeze(Object.create(null))

/** The value if it is an object; else one without fields. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : NONE
}

/** The value with this name; undefined if there is none, or if it is one that every object has. */
export function ownValue<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
