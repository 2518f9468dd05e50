/** Checks that files have the message types that a user chose. */
import type { Envelope, MissingImport, ProtobufOptions } from '../../../../shared/protocol/decoding.ts'
import { Schema } from './schema.ts'

/** How many types a sentence names. */
const NAMED = 3

/** Throws an `Error` with a sentence if a file, a type, or what it imports is wrong. `loadSchemas` has to come first. */
export function checkTypes({ files, message }: ProtobufOptions, missing: readonly MissingImport[]): void {
  const schema = new Schema(files)
  const choices = typeof message === 'object' && !('envelope' in message) ? Object.values(message) : [message]
  for (const choice of choices) {
    if (typeof choice === 'string') checkType(schema, choice, missing)
    else checkEnvelope(schema, choice, missing)
  }
}

function checkEnvelope(schema: Schema, choice: Envelope, missing: readonly MissingImport[]): void {
  checkType(schema, choice.envelope, missing)
  const { name, fields } = schema.type(choice.envelope)
  const names = [...fields.values()].map((field) => field.name)
  for (const field of [choice.type, choice.payload])
    if (!names.includes(field))
      throw new Error(`${name} has no field ${field}; it has ${names.join(', ') || 'none'}.`)
  for (const type of Object.values(choice.types ?? {})) checkType(schema, type, missing)
}

function checkType(schema: Schema, name: string, missing: readonly MissingImport[]): void {
  const unknown = schema.missingIn(name)
  if (unknown.length === 0) return
  const types = unknown.slice(0, NAMED).join(', ')
  throw new Error(
    [
      `${schema.type(name).name} uses ${types}, which no file has.`,
      ...missing.slice(0, NAMED).map(sentenceOf),
      'Choose the files that have them, too.',
    ].join(' '),
  )
}

function sentenceOf({ file, imports, folders }: MissingImport): string {
  const where = folders.length === 0 ? 'not a path inside a folder' : `not found in: ${folders.join(', ')}`
  return `${file} imports ${imports} (${where}).`
}
