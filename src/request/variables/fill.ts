/** Fills the placeholders in the texts of one request. */
import { expand, scopeNow, type TemplateScope } from '../../shared/compose/template.ts'
import { Failure } from '../../shared/failure.ts'
import { getOrMake } from '../../shared/maps.ts'
import { isSecretName } from '../../shared/secrets/names.ts'
import { MASK } from '../../shared/secrets.ts'
import { isSecretKey, settingsOf } from './auth-configuration.ts'
import { type Asking, type BuiltInMeaning, requestBuiltIn, type TokenAsking } from './built-ins.ts'
import { areQuoted, type Placeholder, placeholdersIn } from './placeholders.ts'
import { hasPlaceholders, MAX_VALUE_LENGTH, type VariableScope } from './scope.ts'
import { unknownBuiltIn, unknownVariable } from './unknown.ts'
import type { Answers, TokenSource } from './variables.ts'

export interface Filled {
  readonly text: string
  /** The text with the placeholders of secrets as they are written, to remember it. */
  readonly remembered: string
}

/** The largest length of a text after its placeholders are filled. */
export const MAX_FILLED = 128 * 1024 * 1024

/** Sources that are public anyway, so that the name of a variable alone does not make its value a secret. */
const PUBLIC: ReadonlySet<string> = new Set(['file', 'environment'])

/** A failure to fill a text, and the placeholder in it that has no value. */
export class PlaceholderFailure extends Failure {
  readonly placeholder: Placeholder

  constructor({ code, message }: Failure, placeholder: Placeholder) {
    super(code, message)
    this.placeholder = placeholder
  }
}

/**
 * When `{{$auth.token("NAME")}}` is filled: `now`, or `each-attempt`, for which it stays as it is written, because tokens
 * expire while a connection is open.
 */
export type TokenFilling = 'now' | 'each-attempt'

const plain = (text: string): Filled => ({ text, remembered: text })

/** Fills texts. A variable has one value in all of them, and each question is asked once. */
export class Filling {
  readonly scope: VariableScope
  readonly #answers: Answers
  readonly #template: TemplateScope
  /** By the name of the variable, and by what is asked. */
  readonly #values = new Map<string, Promise<Filled>>()
  readonly #secrets = new Map<string, string>()
  readonly #tokens = new Map<string, TokenSource>()

  constructor(scope: VariableScope, answers: Answers, template: TemplateScope = scopeNow({}, 1)) {
    this.scope = scope
    this.#answers = answers
    this.#template = template
  }

  /** The secret values that were used so far, with the placeholders that stand for them. */
  get secrets(): ReadonlyMap<string, string> {
    return this.#secrets
  }

  /** Where the tokens come from that are filled for each attempt, by their placeholders as they are written. */
  get tokens(): ReadonlyMap<string, TokenSource> {
    return this.#tokens
  }

  /**
   * The text with every placeholder filled. Values are not expanded again. Rejects with a `Failure`: UNKNOWN_VARIABLE,
   * BAD_VARIABLE, VARIABLE_CYCLE, MASKED_VALUE, TOO_LARGE, or that of an answer.
   */
  async fill(text: string, tokens: TokenFilling = 'now'): Promise<Filled> {
    return await this.#replaced(placeholdersIn(text), text, MAX_FILLED, (placeholder) =>
      Filling.at(placeholder, () => this.value(placeholder, tokens)),
    )
  }

  /** As `fill`, for a text that is JSON: values inside strings are escaped. */
  async fillJson(json: string, tokens: TokenFilling = 'now'): Promise<Filled> {
    const found = placeholdersIn(json)
    const quoted = areQuoted(json, found)
    let next = 0
    return await this.#replaced(found, json, MAX_FILLED, async (placeholder) => {
      const isQuoted = quoted[next++] === true
      const { text, remembered } = await Filling.at(placeholder, () => this.value(placeholder, tokens))
      if (!isQuoted) return { text, remembered }
      const escaped = JSON.stringify(text).slice(1, -1)
      return { text: escaped, remembered: remembered === text ? escaped : remembered }
    })
  }

  /** Runs `fill`. A `Failure` is that of the placeholder, except for what the user has canceled. */
  static async at<T>(placeholder: Placeholder, fill: () => Promise<T>): Promise<T> {
    try {
      return await fill()
    } catch (thrown) {
      if (thrown instanceof Failure && thrown.code !== 'CANCELLED')
        throw new PlaceholderFailure(thrown, placeholder)
      throw thrown
    }
  }

  /** The value of a placeholder. */
  async value(placeholder: Placeholder, tokens: TokenFilling = 'now'): Promise<Filled> {
    const { name } = placeholder
    if (!name.startsWith('$')) return await this.variable(name, tokens)
    const meaning = this.meaning(placeholder)
    if ('composer' in meaning) return plain(expand(meaning.composer, this.#template))
    if ('value' in meaning) return plain(meaning.value)
    if (meaning.asks === 'token' && tokens === 'each-attempt') {
      this.#tokens.set(placeholder.written, await this.#tokenSource(meaning))
      return plain(placeholder.written)
    }
    return await this.#once(JSON.stringify(meaning), () => this.#asked(meaning, placeholder))
  }

  /** What a built-in placeholder means. Throws a `Failure` UNKNOWN_VARIABLE or BAD_VARIABLE. */
  meaning(placeholder: Placeholder): BuiltInMeaning {
    const builtIn = requestBuiltIn(placeholder.name)
    if (builtIn === undefined) throw unknownBuiltIn(placeholder)
    const meaning = builtIn.mean(placeholder.args, this.#template)
    if (meaning !== undefined && 'asks' in meaning && meaning.asks === 'token') this.scope.auth(meaning.name)
    if (meaning !== undefined) return meaning
    const usages = builtIn.usages.map(([written, gives]) => `${written} (${gives})`).join(' or ')
    throw new Failure(
      'BAD_VARIABLE',
      `${placeholder.written} does not accept these arguments; write ${usages}.`,
    )
  }

  /** The value of a variable of the scope. */
  async variable(name: string, tokens: TokenFilling = 'now'): Promise<Filled> {
    return await this.#once(`${tokens} ${name}`, () => this.#variable(name, tokens))
  }

  async #variable(name: string, tokens: TokenFilling): Promise<Filled> {
    const definition = this.scope.definition(name)
    const variable = this.scope.lookup(name)
    if (definition === undefined || variable === undefined)
      throw unknownVariable(name, this.scope.sources, this.scope.names())
    if (variable.problem !== undefined) throw variable.problem
    const filled = hasPlaceholders(definition)
      ? await this.#replaced(
          placeholdersIn(definition.text),
          definition.text,
          MAX_VALUE_LENGTH,
          (placeholder) => this.value(placeholder, tokens),
        )
      : plain(definition.text)
    if (!hasPlaceholders(definition)) checkNoToken(filled.text, `The variable ${name}`)
    checkMask(filled.text, `The variable ${name}`)
    const hasPlaceholder = filled.remembered !== filled.text
    // All of a private value is secret, not only what it uses.
    if (!variable.isSecret || (hasPlaceholder && variable.source !== 'private')) return filled
    if (!PUBLIC.has(variable.source)) this.#addSecret(filled.text, `{{${name}}}`)
    return { text: filled.text, remembered: `{{${name}}}` }
  }

  async #asked(meaning: Asking, { written }: Placeholder): Promise<Filled> {
    if (meaning.asks === 'dotenv') return this.#dotenv(meaning.name, written)
    if (meaning.asks === 'processEnv') return this.#processEnv(meaning.name, written)
    if (meaning.asks === 'token') {
      const token = await this.#answers.token(await this.#tokenSource(meaning))
      this.#addSecret(token, written)
      return { text: token, remembered: written }
    }
    const isPrompt = meaning.asks === 'prompt'
    const isSecret = !isPrompt || meaning.isSecret
    const value = isPrompt
      ? await this.#answers.prompt(meaning.question, isSecret)
      : await this.#answers.secret(meaning.name)
    checkMask(value, written)
    checkNoToken(value, written)
    if (isSecret) this.#addSecret(value, written)
    return { text: value, remembered: isSecret ? written : value }
  }

  #processEnv(name: string, written: string): Filled {
    const value = this.#answers.processEnv(name)
    if (value === undefined)
      throw new Failure(
        'UNKNOWN_VARIABLE',
        `The environment of the process has no variable ${name} for ${written}; set it before you start the program.`,
      )
    checkNoToken(value, written)
    checkMask(value, written)
    if (isSecretName(name)) this.#addSecret(value, written)
    return { text: value, remembered: written }
  }

  #dotenv(name: string, written: string): Filled {
    const variable = this.scope.dotenv(name)
    if (variable === undefined)
      throw new Failure(
        'UNKNOWN_VARIABLE',
        `There is no variable ${name} in a .env file beside or above the file.`,
      )
    checkNoToken(variable.value, written)
    checkMask(variable.value, written)
    if (!isSecretName(name)) return plain(variable.value)
    this.#addSecret(variable.value, written)
    return { text: variable.value, remembered: written }
  }

  async #tokenSource({ name, isIdToken }: TokenAsking): Promise<TokenSource> {
    const auth = this.scope.auth(name)
    const settings = await settingsOf(auth, async (text, key) => {
      const { text: value } = await this.fill(text)
      checkMask(value, `${JSON.stringify(key)} of Security.Auth ${JSON.stringify(name)}`)
      if (isSecretKey(key)) this.#addSecret(value, `{{$auth.token(${JSON.stringify(name)})}}`)
      return value
    })
    return { name, settings: isIdToken ? { ...settings, 'Use ID Token': 'true' } : settings }
  }

  #addSecret(value: string, written: string): void {
    if (!/^(?:true|false)?$/.test(value)) this.#secrets.set(value, written)
  }

  #once(key: string, make: () => Promise<Filled>): Promise<Filled> {
    return getOrMake(this.#values, key, make)
  }

  async #replaced(
    found: readonly Placeholder[],
    text: string,
    maxLength: number,
    value: (placeholder: Placeholder) => Promise<Filled>,
  ): Promise<Filled> {
    const texts: string[] = []
    const remembered: string[] = []
    let [last, length] = [0, 0]
    for (const placeholder of found) {
      const filled = await value(placeholder)
      const before = text.slice(last, placeholder.start)
      texts.push(before, filled.text)
      remembered.push(before, filled.remembered)
      length += before.length + filled.text.length
      last = placeholder.end
      if (length > maxLength)
        throw new Failure(
          'TOO_LARGE',
          'With its variables filled in, the text is too large; use shorter values.',
        )
    }
    const after = text.slice(last)
    return { text: texts.join('') + after, remembered: remembered.join('') + after }
  }
}

/** Throws a `Failure` `BAD_VARIABLE` for a value from elsewhere that would be filled with a token. */
function checkNoToken(value: string, what: string): void {
  if (value.includes('{{$auth.'))
    throw new Failure(
      'BAD_VARIABLE',
      `${what} contains a placeholder of a token, which only files can have; write {{$auth.token("name")}} in the request.`,
    )
}

/** Throws a `Failure` `MASKED_VALUE` for a value that was copied from where secrets are masked. */
export function checkMask(value: string, what: string): void {
  if (value.includes(MASK))
    throw new Failure(
      'MASKED_VALUE',
      `${what} contains ${MASK}, which stands for a secret that was masked; write {{$secret NAME}} in its place.`,
    )
}
