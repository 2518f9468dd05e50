/** Replaces the secrets of what was imported by `{{$secret NAME}}`. Variables in its texts stay. */
import type { ScriptStep } from '../../shared/request-script.ts'
import { isSecretName } from '../../shared/secrets/names.ts'
import { looksSecret } from '../../shared/secrets.ts'
import { SecretNames } from '../saving/secret-names.ts'
import { textWithPlaceholders, withPlaceholders } from '../saving/with-placeholders.ts'
import { withTexts } from '../secret-placeholders.ts'
import { placeholdersIn } from '../variables/placeholders.ts'
import type { ImportedRequest, ImportedVariable } from './imported.ts'

/** Private-use characters around the number of a placeholder, which nothing takes for a secret. */
const MARK = /\ue000(\d{1,7})\ue001/
/** What stands beside variables in a secret and is not secret itself: a name with `=` or `:`, or only punctuation. */
const NOT_SECRET = /^(?:[\s;,&]*[\w.-]{1,32}[=:]\s*|[^\p{L}\p{N}]*)$/u

/** Names for secrets, in texts whose placeholders are marked. A secret that has variables in it keeps them. */
export class ImportedSecrets extends SecretNames {
  readonly #placeholders: string[] = []

  override placeholder(field: string, value?: string): string {
    const parts = value?.split(MARK) ?? []
    if (parts.length < 3) return super.placeholder(field, value)
    return parts
      .map((part, index) => {
        if (index % 2 === 1) return `\ue000${part}\ue001`
        return NOT_SECRET.test(part) ? part : super.placeholder(field, part)
      })
      .join('')
  }

  /** The request without secrets. Its texts have placeholders, whatever they had before. */
  hideIn(request: ImportedRequest): ImportedRequest {
    const { hasPlaceholders = false, spec, steps } = request
    const mark = (text: string) => (hasPlaceholders ? this.#mark(text) : text)
    return {
      ...request,
      hasPlaceholders: true,
      spec: withTexts(withPlaceholders(withTexts(spec, mark), this), (text) => this.#unmark(text)),
      ...(steps !== undefined && { steps: steps.map((step) => this.#hideInStep(step)) }),
    }
  }

  /** The value of a variable without secrets. */
  hideInVariable({ name, value, isSecret = false }: ImportedVariable): string {
    const marked = this.#mark(value)
    const isHidden = isSecret || isSecretName(name) || looksSecret(value)
    if (isHidden && value !== '') return this.#unmark(this.placeholder(name, marked))
    return this.#unmark(textWithPlaceholders(marked, this))
  }

  #hideInStep(step: ScriptStep): ScriptStep {
    if (step.kind === 'wait') return step
    if (step.kind === 'form') return { ...step, values: this.#hideInText(step.values) }
    const { format, text, variables } = step.message
    if (format !== 'text' && format !== 'json') return step
    const shown = variables === undefined ? textWithPlaceholders(text, this) : this.#hideInText(text)
    return { ...step, message: { format, text: shown, variables: {} } }
  }

  #hideInText(text: string): string {
    return this.#unmark(textWithPlaceholders(this.#mark(text), this))
  }

  #mark(text: string): string {
    let [last, marked] = [0, '']
    for (const { start, end, written } of placeholdersIn(text)) {
      marked += `${text.slice(last, start)}\ue000${this.#placeholders.push(written) - 1}\ue001`
      last = end
    }
    return marked + text.slice(last)
  }

  #unmark(text: string): string {
    return text
      .split(MARK)
      .map((part, index) => (index % 2 === 1 ? (this.#placeholders[Number(part)] ?? '') : part))
      .join('')
  }
}
