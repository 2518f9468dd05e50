/**
 * Messages of a request as templates of the composer, which are filled when they are sent. Values never become part of a
 * template, so that they cannot form placeholders with the text around them: each is bound to a variable.
 */
import { escapeTemplate, type Variables } from '../../shared/compose/template.ts'
import { Failure } from '../../shared/failure.ts'
import { Filling, MAX_FILLED } from './fill.ts'
import { type Placeholder, placeholdersIn } from './placeholders.ts'
import type { VariableScope } from './scope.ts'

export class MessageTemplates {
  readonly #filling: Filling
  readonly #scope: VariableScope
  readonly #values = new Map<string, string>()
  /** The template of a variable that has one, because a message sets a part of its value. */
  readonly #composed = new Map<string, Promise<string>>()
  /** The variable of each placeholder that asks for a value. */
  readonly #asked = new Map<string, string>()
  #count = 0

  constructor(filling: Filling) {
    this.#filling = filling
    this.#scope = filling.scope
  }

  /** The values that are known before the connection opens, by the names in the templates. */
  get variables(): Variables {
    return Object.fromEntries(this.#values)
  }

  /** The template for a text. Rejects with a `Failure` as `Filling.fill` does. */
  async template(text: string): Promise<string> {
    return await this.#translated(text, escapeTemplate, (placeholder) => this.#placeholder(placeholder))
  }

  /** A placeholder that stands for a text as it is. */
  literal(text: string): string {
    return this.#bind(text)
  }

  async #placeholder(placeholder: Placeholder): Promise<string> {
    const { name, written } = placeholder
    if (!name.startsWith('$')) return await this.#variable(name)
    const meaning = this.#filling.meaning(placeholder)
    if ('composer' in meaning) return meaning.composer
    if ('value' in meaning) return this.#bind(meaning.value)
    const known = this.#asked.get(written)
    if (known !== undefined) return known
    const { text } = await this.#filling.value(placeholder)
    const bound = this.#bind(text)
    this.#asked.set(written, bound)
    return bound
  }

  async #variable(name: string): Promise<string> {
    const placeholder = `{{${name}}}`
    if (this.#scope.isSetByMessages(name)) {
      if (this.#scope.definition(name) !== undefined && !this.#values.has(name))
        this.#values.set(name, (await this.#filling.variable(name)).text)
      return placeholder
    }
    if (this.#values.has(name)) return placeholder
    const known = this.#composed.get(name)
    if (known !== undefined) return await known
    if (this.#scope.dependsOnMessages(name)) {
      const composed = this.#compose(name)
      this.#composed.set(name, composed)
      return await composed
    }
    this.#values.set(name, (await this.#filling.variable(name)).text)
    return placeholder
  }

  /** A variable that uses others which messages set. Its built-ins have one value for the request. */
  async #compose(name: string): Promise<string> {
    const { text = '' } = this.#scope.definition(name) ?? {}
    const problem = this.#scope.lookup(name)?.problem
    if (problem !== undefined) throw problem
    return await this.#translated(
      text,
      (literal) => (literal === '' ? '' : this.#bind(literal)),
      async (placeholder) => {
        if (!placeholder.name.startsWith('$')) return await this.#variable(placeholder.name)
        return this.#bind((await this.#filling.value(placeholder)).text)
      },
    )
  }

  /** Binds a value to a variable with a name that nothing else has. */
  #bind(value: string): string {
    let name: string
    do name = `_${++this.#count}`
    while (this.#scope.definition(name) !== undefined || this.#scope.isSetByMessages(name))
    this.#values.set(name, value)
    return `{{${name}}}`
  }

  async #translated(
    text: string,
    literal: (text: string) => string,
    placeholder: (placeholder: Placeholder) => Promise<string>,
  ): Promise<string> {
    const parts: string[] = []
    let [last, length] = [0, 0]
    for (const each of placeholdersIn(text)) {
      const before = literal(text.slice(last, each.start))
      const template = await Filling.at(each, () => placeholder(each))
      parts.push(before, template)
      length += before.length + template.length
      last = each.end
      if (length > MAX_FILLED)
        throw new Failure('TOO_LARGE', 'The message is too large with its variables; use shorter ones.')
    }
    return parts.join('') + literal(text.slice(last))
  }
}
