/** Messages as the user composes them. */
import type { Variables } from './template.ts'

export interface ComposedMessage {
  readonly format: 'text' | 'json' | 'hex' | 'base64'
  readonly text: string
}

/** Where it has variables, the placeholders in its text are filled as it is sent (template.ts). */
export type TemplateMessage = ComposedMessage & { readonly variables?: Variables }
