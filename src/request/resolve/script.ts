/** Makes the script of a request: its messages as templates, and the values to keep of what arrives. */

import { Failure } from '../../shared/failure.ts'
import type { RequestScript, ScriptedValue, ScriptStep } from '../../shared/request-script.ts'
import { MAX_SCRIPT_STEPS, MAX_SCRIPT_VALUES } from '../../shared/request-script.ts'
import { decodeUtf8, latin1 } from '../../shared/text/decode.ts'
import type { FileRequest, FileStep } from '../file/request-file.ts'
import type { MessageTemplates } from '../variables/templates.ts'
import { type ContentContext, piecesOf } from './content.ts'
import { placed } from './failure.ts'
import { formatOf } from './format.ts'
import { formOf } from './forms.ts'

type SendStep = FileStep & { readonly kind: 'send' }

export interface ScriptContext extends ContentContext {
  /** The protocol that the connection speaks. */
  readonly protocol: string | undefined
  readonly isManual: boolean
}

async function sendStep(
  step: SendStep,
  templates: MessageTemplates,
  context: ScriptContext,
): Promise<ScriptStep> {
  const named = step.name === undefined ? {} : { name: step.name.text }
  const format = formatOf(step.format)
  const pieces = await piecesOf(step.content, context)
  const [first] = pieces
  if (pieces.length === 1 && first?.kind === 'bytes' && format === undefined)
    return { kind: 'send', ...named, message: { format: 'base64', text: btoa(latin1(first.bytes)) } }
  const texts: string[] = []
  for (const piece of pieces)
    texts.push(
      await placed(piece.part, () => {
        if (piece.kind === 'text') return templates.template(piece.text)
        const text = decodeUtf8(piece.bytes)
        if (text !== undefined) return templates.literal(text)
        throw new Failure(
          'NOT_TEXT',
          'A file that is not UTF-8 text cannot be part of a text message; send it as a message of its own.',
        )
      }),
    )
  const text = texts.join('')
  const form = format === undefined ? await placed(step, () => formOf(text, context.protocol)) : undefined
  if (form !== undefined) return { kind: 'form', ...named, ...form }
  return { kind: 'send', ...named, message: { format: format ?? 'text', text, variables: {} } }
}

async function scriptedValues({ values }: FileRequest, { filling }: ScriptContext): Promise<ScriptedValue[]> {
  const scripted: ScriptedValue[] = []
  for (const { name, path, filter } of values) {
    if (!filling.scope.isSetByMessages(name.text)) continue
    scripted.push({
      name: name.text,
      path: (await placed(path, () => filling.fill(path.text))).text,
      ...(filter && { filter: (await placed(filter, () => filling.fill(filter.text))).text }),
    })
  }
  return scripted
}

/** Resolves the script of a request. Rejects with a `Failure` that has a place. */
export async function resolveScript(
  request: FileRequest,
  context: ScriptContext,
  templates: MessageTemplates,
): Promise<RequestScript> {
  if (request.steps.length > MAX_SCRIPT_STEPS || request.values.length > MAX_SCRIPT_VALUES)
    throw new Failure(
      'TOO_MANY',
      `It has more than ${MAX_SCRIPT_STEPS} messages or ${MAX_SCRIPT_VALUES} values to keep; split it.`,
    )
  const steps: ScriptStep[] = []
  for (const step of request.steps)
    steps.push(step.kind === 'wait' ? { kind: 'wait' } : await sendStep(step, templates, context))
  const setByRules = request.rules.flatMap(({ sets }) =>
    sets !== undefined && context.filling.scope.isSetByMessages(sets.text) ? [sets.text] : [],
  )
  return {
    steps,
    values: await scriptedValues(request, context),
    variables: templates.variables,
    ...(setByRules.length > 0 && { setByRules }),
    ...(context.isManual && { isManual: true }),
  }
}
