/** The inputs of tools as JSON Schema (draft 7), as models get them. */
import { toJsonSchema } from '@valibot/to-json-schema'
import type { Tool } from './tool.ts'

/** Without what only the check needs: models do better with short schemas. */
export function jsonSchemaOf({ input }: Pick<Tool, 'input'>) {
  const { $schema: _, ...schema } = toJsonSchema(input, {
    typeMode: 'input',
    errorMode: 'ignore',
    ignoreActions: ['regex', 'max_length', 'base64', 'non_empty'],
  })
  return schema
}
