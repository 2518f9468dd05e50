/** The variables that a request can use: what each name means at its place in the file. */
import type { Variables } from '../../shared/compose/template.ts'
import { Failure } from '../../shared/failure.ts'
import { isSecretName } from '../../shared/secrets/names.ts'
import { variablesSetBy } from '../file/read-rule.ts'
import type { FileVariable } from '../file/request-file.ts'
import type { Auth } from './auth-configuration.ts'
import { SECRET_BUILT_INS } from './built-ins.ts'
import { type EnvironmentVariable, SHARED } from './environment-file.ts'
import { authIn, variablesIn } from './environments.ts'
import { placeholdersIn } from './placeholders.ts'
import type { ScopeSources } from './sources.ts'
import { unknownAuth, unknownVariable } from './unknown.ts'
import type { Variable, VariableSource } from './variables.ts'

export type { ScopeSources } from './sources.ts'

/** A variable as it is written. */
export interface Definition {
  readonly name: string
  readonly text: string
  readonly source: VariableSource
  readonly place?: { readonly file: string; readonly offset: number }
}

/** Sources whose values may have placeholders: files that people write by hand. */
const WITH_PLACEHOLDERS: ReadonlySet<VariableSource> = new Set(['file', 'private', 'environment', 'dotenv'])
/** Variables in variables. */
const MAX_DEPTH = 32
/** The longest value, in characters, with its placeholders filled. */
export const MAX_VALUE_LENGTH = 1024 * 1024

export function hasPlaceholders({ source, text }: Definition): boolean {
  return WITH_PLACEHOLDERS.has(source) && placeholdersIn(text).length > 0
}

/** `@name = value` lines that hold for a request: the last one before its end, else the first one of the file. */
function fileVariables(variables: readonly FileVariable[], until: number): Map<string, FileVariable> {
  const held = new Map<string, FileVariable>()
  for (const variable of variables) {
    const { text } = variable.name
    if (variable.start < until || !held.has(text)) held.set(text, variable)
  }
  return held
}

function definitionsOf(sources: ScopeSources): Map<string, Definition> {
  const { file, parsed, request, environments, environment } = sources
  const definitions = new Map<string, Definition>()
  const add = (definition: Definition) => {
    if (!definitions.has(definition.name)) definitions.set(definition.name, definition)
  }
  const addAll = (variables: Variables = {}, source: VariableSource) => {
    for (const [name, text] of Object.entries(variables)) add({ name, text, source })
  }
  addAll(sources.given, 'given')
  addAll(sources.answers, 'answer')
  for (const [name, variable] of fileVariables(parsed.variables, request?.end ?? Number.POSITIVE_INFINITY))
    add({ name, text: variable.value.text, source: 'file', place: { file, offset: variable.name.start } })
  if (environments !== undefined)
    for (const { name, value, source, place } of variablesIn(environments, environment))
      add({ name, text: value, source, place })
  addAll(sources.composer, 'composer')
  return definitions
}

/**
 * The variables of a request. Sources win in the order of `VARIABLE_SOURCES`. Constructing it throws a `Failure`
 * `UNKNOWN_ENVIRONMENT` if the chosen environment does not exist.
 */
export class VariableScope {
  readonly sources: ScopeSources
  readonly #definitions: ReadonlyMap<string, Definition>
  readonly #variables = new Map<string, Variable>()
  /** Names of variables that messages of this request set. */
  readonly #setByMessages: ReadonlySet<string>

  constructor(sources: ScopeSources) {
    this.sources = sources
    this.#definitions = definitionsOf(sources)
    const given = sources.given ?? {}
    const { request } = sources
    const names = (request === undefined ? [] : variablesSetBy(request)).map(({ text }) => text)
    this.#setByMessages = new Set(names.filter((name) => !Object.hasOwn(given, name)))
  }

  /** What the name means now; undefined if nothing defines it. Names are case-sensitive. */
  lookup(name: string): Variable | undefined {
    const definition = this.#definitions.get(name)
    return definition === undefined ? undefined : this.#variable(definition, [])
  }

  /** Every variable, by name. */
  all(): Variable[] {
    return [...this.#definitions.values()]
      .map((definition) => this.#variable(definition, []))
      .sort((one, other) => (one.name < other.name ? -1 : 1))
  }

  definition(name: string): Definition | undefined {
    return this.#definitions.get(name)
  }

  /** The variable of the `.env` file, also if another source wins. */
  dotenv(name: string): EnvironmentVariable | undefined {
    const variables = this.sources.environments?.variables.get('dotenv')?.get(SHARED)
    return variables?.find((each) => each.name === name)
  }

  /** The configurations of `Security.Auth` that hold. */
  auths(): ReadonlyMap<string, Auth> {
    const { environments, environment } = this.sources
    return environments === undefined ? new Map() : authIn(environments, environment)
  }

  /** The configuration with that name. Throws a `Failure` `UNKNOWN_AUTH`. */
  auth(name: string): Auth {
    const auths = this.auths()
    const auth = auths.get(name)
    if (auth === undefined) throw unknownAuth(name, this.sources, auths.keys())
    return auth
  }

  names(): IterableIterator<string> {
    return this.#definitions.keys()
  }

  /** Whether a message of this request may set the variable while the connection is open. */
  isSetByMessages(name: string): boolean {
    return this.#setByMessages.has(name)
  }

  /** Whether the value of a variable depends on one that a message of this request may set. */
  dependsOnMessages(name: string): boolean {
    const seen = new Set<string>()
    const next = [name]
    for (let used = next.pop(); used !== undefined; used = next.pop()) {
      if (this.isSetByMessages(used)) return true
      const definition = this.#definitions.get(used)
      if (seen.has(used) || definition === undefined || !hasPlaceholders(definition)) continue
      seen.add(used)
      for (const placeholder of placeholdersIn(definition.text)) next.push(placeholder.name)
    }
    return false
  }

  #variable(definition: Definition, path: readonly string[]): Variable {
    const { name, source, place } = definition
    const known = this.#variables.get(name)
    if (known !== undefined) return known
    const isSecret = source === 'private' || isSecretName(name)
    let variable: Variable
    try {
      const filled = this.#filled(definition, [...path, name])
      variable = {
        name,
        source,
        ...(place && { place }),
        value: filled.value,
        isSecret: isSecret || filled.isSecret,
      }
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown
      variable = { name, source, ...(place && { place }), value: '', isSecret, problem: thrown }
    }
    this.#variables.set(name, variable)
    return variable
  }

  /** The value with variables filled. `path` names the variables that lead here, and this one. */
  #filled(definition: Definition, path: readonly string[]): { value: string; isSecret: boolean } {
    const { text } = definition
    if (!hasPlaceholders(definition)) return { value: text, isSecret: false }
    if (path.length > MAX_DEPTH)
      throw new Failure(
        'TOO_DEEP',
        `More than ${MAX_DEPTH} variables use each other: ${path.slice(0, 4).join(' → ')} → …`,
      )
    const parts: string[] = []
    let [last, length, isSecret] = [0, 0, false]
    for (const placeholder of placeholdersIn(text)) {
      const used = this.#used(placeholder.name, path)
      isSecret ||= used?.isSecret ?? SECRET_BUILT_INS.has(placeholder.name)
      const value = used?.value ?? placeholder.written
      parts.push(text.slice(last, placeholder.start), value)
      length += placeholder.start - last + value.length
      last = placeholder.end
      if (length > MAX_VALUE_LENGTH)
        throw new Failure(
          'TOO_LARGE',
          `The variable ${definition.name} has more than ${MAX_VALUE_LENGTH} characters with its variables filled in.`,
        )
    }
    return { value: parts.join('') + text.slice(last), isSecret }
  }

  /** A variable in the value of another one; undefined if it stays as it is written. */
  #used(name: string, path: readonly string[]): Variable | undefined {
    if (name.startsWith('$')) return undefined
    const start = path.indexOf(name)
    if (start >= 0)
      throw new Failure(
        'VARIABLE_CYCLE',
        `The variable ${name} uses itself: ${[...path.slice(start), name].join(' → ')}; give one of them a value of its own.`,
      )
    const definition = this.#definitions.get(name)
    if (definition === undefined) {
      if (this.isSetByMessages(name)) return undefined
      throw unknownVariable(name, this.sources, this.names())
    }
    const variable = this.#variable(definition, path)
    if (variable.problem !== undefined) throw variable.problem
    return variable
  }
}
