/** Message types from files, as the reader of messages needs them. */
import type { Enum, Field, NamespaceBase, Root, Type } from 'protobufjs'
import type { MessageTypeInfo, SchemaFiles } from '../../../../shared/protocol/decoding.ts'
import { readSchema } from './read-schema.ts'

export interface FieldType {
  readonly name: string
  /** `int32`, `string`, …; `enum` or `message`; `unknown` if no file has the type. */
  readonly type: string
  readonly isRepeated: boolean
  readonly isMap: boolean
  /** The names of an enum's values. */
  readonly names?: Readonly<Record<number, string>>
  /** The type of a message, or of the entries of a map. */
  message?(): MessageType
}

export interface MessageType {
  readonly name: string
  readonly fields: ReadonlyMap<number, FieldType>
}

type ValueType = Pick<FieldType, 'type' | 'names' | 'message'>

/** How many types a sentence names. */
const NAMED = 5

export class Schema {
  readonly #root: Root
  readonly #types = new Map<Type, MessageType>()

  /** Throws an `Error` with a sentence if a file cannot be read. */
  constructor(files: SchemaFiles) {
    this.#root = readSchema(files)
  }

  /** The type with a name, which need not be the whole one. Throws an `Error` with a sentence if there is none. */
  type(name: string): MessageType {
    return this.#typeOf(this.#find(name))
  }

  /** The type with a name; undefined if there is none. */
  find(name: string): MessageType | undefined {
    try {
      return this.type(name)
    } catch {
      return undefined
    }
  }

  /** The message types in the order of the files, except those of Google that they import. */
  list(): readonly MessageTypeInfo[] {
    const own = typesIn(this.#root).filter(({ fullName }) => !fullName.startsWith('.google.protobuf.'))
    return own.map((type) => ({
      name: nameOf(type),
      fields: [...this.#typeOf(type).fields.values()].map(({ name, type: of, isRepeated }) => ({
        name,
        type: of,
        isRepeated,
      })),
    }))
  }

  /** The types that messages of a type may have in them, but that no file has. */
  missingIn(name: string): readonly string[] {
    const seen = new Set<Type>([this.#find(name)])
    const missing = new Set<string>()
    for (const type of seen)
      for (const field of type.fieldsArray) {
        const resolved = resolvedType(field)
        if (resolved === undefined) missing.add(field.type.replace(/^\./, ''))
        else if (resolved !== null && !('valuesById' in resolved)) seen.add(resolved)
      }
    return [...missing]
  }

  #find(name: string): Type {
    try {
      return this.#root.lookupType(name)
    } catch {
      const names = typesIn(this.#root).map(nameOf)
      const others = names.length > NAMED ? [...names.slice(0, NAMED), '…'] : names
      const known = names.length === 0 ? 'none' : others.join(', ')
      throw new Error(`The files do not define the message type ${name}; they define ${known}.`)
    }
  }

  #typeOf(type: Type): MessageType {
    const known = this.#types.get(type)
    if (known !== undefined) return known
    const fields = new Map(
      type.fieldsArray.map((field) => {
        const resolved = resolvedType(field)
        const { id, name, map, repeated } = field
        const fieldType: FieldType = {
          name,
          isRepeated: repeated,
          isMap: map,
          ...(map ? this.#entries(field, resolved) : this.#valueType(field.type, resolved)),
        }
        return [id, fieldType]
      }),
    )
    const messageType = { name: nameOf(type), fields }
    this.#types.set(type, messageType)
    return messageType
  }

  #valueType(type: string, resolved: Type | Enum | null | undefined): ValueType {
    if (resolved === null) return { type }
    if (resolved === undefined) return { type: 'unknown' }
    if ('valuesById' in resolved) return { type: 'enum', names: resolved.valuesById }
    return { type: 'message', message: () => this.#typeOf(resolved) }
  }

  /** On the wire, an entry of a map is a message with a key and a value. */
  #entries(field: Field, resolved: Type | Enum | null | undefined): ValueType {
    const keyType = 'keyType' in field ? String(field.keyType) : 'string'
    const single = { isRepeated: false, isMap: false }
    const entry: MessageType = {
      name: 'entry',
      fields: new Map([
        [1, { name: 'key', type: keyType, ...single }],
        [2, { name: 'value', ...single, ...this.#valueType(field.type, resolved) }],
      ]),
    }
    return { type: 'message', message: () => entry }
  }
}

/** The message or enum that a field holds; null for a number, text or bytes; undefined if no file has its type. */
function resolvedType(field: Field): Type | Enum | null | undefined {
  try {
    return field.resolve().resolvedType
  } catch {
    return undefined
  }
}

function nameOf({ fullName }: Type): string {
  return fullName.replace(/^\./, '')
}

function typesIn(namespace: NamespaceBase): Type[] {
  return namespace.nestedArray.flatMap((each) => {
    if (!('nestedArray' in each)) return []
    const inner = typesIn(each as NamespaceBase)
    return 'fieldsArray' in each ? [each as Type, ...inner] : inner
  })
}
