/** An AsyncAPI document, whose references are followed within it. Nothing is read from elsewhere. */
import { type Fields, fieldsOf, ownValue } from '../../../shared/fields.ts'
import { textOf } from '../foreign-values.ts'

/** References that refer to references. */
const MAX_HOPS = 32

export interface Resolved {
  readonly fields: Fields
  /** The place in the document that it is from, such as `#/channels/chat`; empty if it is where it is used. */
  readonly place: string
}

export class AsyncDocument {
  readonly root: Fields
  readonly #outside = new Set<string>()

  constructor(value: unknown) {
    this.root = fieldsOf(value)
  }

  /** Version 2 or 3. */
  get version(): number {
    return Number.parseInt(textOf(this.root.asyncapi), 10)
  }

  /** The references to other files. */
  get outside(): readonly string[] {
    return [...this.#outside]
  }

  /** The object that a value is or refers to. */
  resolve(value: unknown): Resolved {
    let [fields, place] = [fieldsOf(value), '']
    for (let hop = 0; typeof fields.$ref === 'string'; hop++) {
      place = fields.$ref
      if (hop >= MAX_HOPS) return { fields: {}, place }
      if (!place.startsWith('#')) {
        this.#outside.add(place)
        return { fields: {}, place }
      }
      fields = fieldsOf(this.#at(place))
    }
    return { fields, place }
  }

  /** The members of an object, resolved. */
  members(value: unknown): (readonly [name: string, member: Resolved])[] {
    return Object.entries(this.resolve(value).fields).map(([name, member]) => [name, this.resolve(member)])
  }

  /** RFC 6901, in a fragment. */
  #at(reference: string): unknown {
    const steps = reference.slice(1).split('/').slice(1, 64)
    return steps.reduce<unknown>((value, step) => ownValue(asRecord(value), stepName(step)), this.root)
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function stepName(step: string): string {
  const written = step.replaceAll('~1', '/').replaceAll('~0', '~')
  try {
    return decodeURIComponent(written)
  } catch {
    return written
  }
}
