/** Makes the messages of a script's steps, with their placeholders filled. */
import { composeMessage } from '../../shared/compose/compose.ts'
import { expand, placeholders, scopeNow, type Variables } from '../../shared/compose/template.ts'
import { Failure } from '../../shared/failure.ts'
import type { ScriptedForm, ScriptedSend } from '../../shared/request-script.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import type { FieldValues } from '../../shared/spoken/traits.ts'
import { tryParseJson } from '../../shared/text/json-text.ts'

export type MessageStep = ScriptedSend | ScriptedForm

/** Makes the messages of a form in the protocol that is spoken on the connection. */
export type ComposeForm = (form: string, values: FieldValues) => readonly OutboundMessage[]

/** The variables of the user that a step has placeholders for. */
export function variablesIn(step: MessageStep): readonly string[] {
  const text = step.kind === 'form' ? step.values : step.message.text
  if (step.kind === 'send' && step.message.variables === undefined) return []
  return [...new Set(placeholders(text).filter((name) => !name.startsWith('$')))]
}

export class ScriptMessages {
  readonly #composeForm: ComposeForm
  #counter = 0

  constructor(composeForm: ComposeForm) {
    this.#composeForm = composeForm
  }

  /** The messages of a step, usually one. Throws a `Failure` as composing does. */
  compose(step: MessageStep, variables: Variables): readonly OutboundMessage[] {
    const scope = scopeNow(variables, this.#counter + 1)
    if (step.kind === 'form') {
      const written = expand(step.values, scope, true)
      const messages = this.#composeForm(step.form, fieldValues(written, step.form))
      this.#count(step.values)
      return messages
    }
    const { message } = step
    if (message.variables === undefined) return [composeMessage(message)]
    const composed = composeMessage(message, { ...scope, variables: { ...message.variables, ...variables } })
    this.#count(message.text)
    return [composed]
  }

  /** Counts a message with `$counter` once it could be composed. */
  #count(text: string): void {
    if (placeholders(text).includes('$counter')) this.#counter++
  }
}

function fieldValues(written: string, form: string): FieldValues {
  const values = tryParseJson(written)
  if (typeof values !== 'object' || values === null || Array.isArray(values))
    throw new Failure(
      'BAD_JSON',
      `With its variables filled in, the form ${form} is no longer a JSON object.`,
    )
  return values as FieldValues
}
