/** Reads the values of a protocol's options, or of a form. They have been checked. */
import type { FieldValues, SpokenField } from '../shared/spoken/traits.ts'

export class FieldReader {
  readonly #values: FieldValues

  /** A field without a value has its initial one. */
  constructor(fields: readonly SpokenField[], values: FieldValues) {
    const initial = fields.flatMap(({ name, initial: value }) => (value === undefined ? [] : [[name, value]]))
    this.#values = { ...Object.fromEntries(initial), ...values }
  }

  text(name: string): string | undefined {
    const [value] = this.list(name)
    return value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value)
  }

  number(name: string): number | undefined {
    const [value] = this.list(name)
    return typeof value === 'number' ? value : undefined
  }

  toggle(name: string): boolean {
    return this.#values[name] === true
  }

  json(name: string): unknown {
    return this.#values[name]
  }

  /** The items of an array, or the value alone. */
  list(name: string): readonly unknown[] {
    const value = this.#values[name]
    return value === undefined ? [] : [value].flat()
  }

  /** The items of `list` as texts. */
  texts(name: string): readonly string[] {
    return this.list(name).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
  }
}
