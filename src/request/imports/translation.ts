/** The placeholders of another program as ours, and what could not be translated. */
import { shortened } from '../../shared/text/shortened.ts'
import { translateBraces, variableName } from './placeholders.ts'

/** Placeholders that are named in a sentence. */
const MAX_NAMED = 5

/** Translates the texts of one request, or of one list of variables. */
export class Translation {
  readonly #translate: (inside: string) => string | undefined
  readonly #unknown = new Set<string>()

  /** `translate` gets what is between double braces; undefined stands for text. */
  constructor(translate: (inside: string) => string | undefined) {
    this.#translate = translate
  }

  text(foreign: string): string {
    return translateBraces(foreign, (inside) => {
      const translated = this.#translate(inside)
      if (translated === undefined) this.addUnknown(`{{${inside}}}`)
      return translated
    })
  }

  pairs<Named extends { readonly name: string; readonly value: string }>(
    pairs: readonly Named[],
  ): { name: string; value: string }[] {
    return pairs.map(({ name, value }) => ({ name: this.text(name), value: this.text(value) }))
  }

  /** The variables that can be ones here. */
  variables<Named extends { readonly name: string; readonly value: string }>(
    pairs: readonly Named[],
  ): { name: string; value: string }[] {
    return pairs
      .map(({ name, value }) => ({ name: variableName(name), value: this.text(value) }))
      .filter(({ name }) => name !== '')
  }

  addUnknown(written: string): void {
    if (this.#unknown.size <= MAX_NAMED) this.#unknown.add(shortened(written, 80))
  }

  /** A sentence for what is text now. */
  get notTaken(): string[] {
    if (this.#unknown.size === 0) return []
    const named = [...this.#unknown].slice(0, MAX_NAMED).join(', ')
    return [`Sent as text, because nothing here does the same: ${named}.`]
  }
}

/** The placeholder that asks a question. */
export function askFor(question: string): string {
  const words = question.replaceAll(/[{}\r\n]/g, ' ').trim()
  return `{{$prompt ${words || 'Value'}}}`
}
