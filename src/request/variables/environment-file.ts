/** Reads the text of `http-client.env.json` and `http-client.private.env.json`. */
import { VARIABLE_NAME } from '../../shared/compose/template.ts'
import { isFields } from '../../shared/fields.ts'
import { getOrMake } from '../../shared/maps.ts'
import { jsonErrorIndex } from '../../shared/text/json-position.ts'
import { tryParseJson } from '../../shared/text/json-text.ts'
import type { Severity } from '../file/request-file.ts'
import { blankComments, type JsonMember, membersOf } from './json-members.ts'
import { AUTH_NAME, type AuthEntry, type AuthField, fieldProblem } from './security-auth.ts'

/** What holds in all environments. */
export const SHARED = '$shared'

/** A mistake in a file of environments, at a place of its text. */
export interface EnvironmentProblem {
  readonly file: string
  readonly offset: number
  readonly severity: Severity
  /** Such as `BAD_JSON`. */
  readonly code: string
  readonly message: string
}

/** A variable of one environment in one file. */
export interface EnvironmentVariable {
  readonly name: string
  readonly value: string
  readonly place: { readonly file: string; readonly offset: number }
}

export interface EnvironmentFileText {
  /** By the name of the environment, in the order of the file. */
  readonly environments: ReadonlyMap<string, readonly EnvironmentVariable[]>
  /** `Security.Auth`, by the name of the environment. */
  readonly auth: ReadonlyMap<string, readonly AuthEntry[]>
  readonly problems: readonly EnvironmentProblem[]
}

/** The largest file that is read, in characters. */
const MAX_LENGTH = 1024 * 1024
const MAX_VARIABLES = 10_000
/** Objects in objects; `{{a.b.c}}`. */
const MAX_DEPTH = 8
/** Members of JetBrains that are not variables. */
const NOT_VARIABLES: Readonly<Record<string, string>> = {
  SSLConfiguration: 'SSLConfiguration has no effect; use the options ca, cert and key of the request.',
}
const SECURITY = 'Security'

class Reader {
  readonly #file: string
  readonly #json: string
  readonly #environments = new Map<string, Map<string, EnvironmentVariable>>()
  readonly #auth = new Map<string, Map<string, AuthEntry & { readonly fields: AuthField[] }>>()
  readonly #problems: EnvironmentProblem[] = []
  #count = 0

  constructor(file: string, json: string) {
    this.#file = file
    this.#json = json
  }

  read(): EnvironmentFileText {
    for (const member of membersOf(this.#json, MAX_DEPTH)) {
      if (this.#count > MAX_VARIABLES) break
      this.#add(member)
    }
    const entries = [...this.#environments].map(
      ([name, variables]) => [name, [...variables.values()]] as const,
    )
    const problems = this.#problems.sort((one, other) => one.offset - other.offset)
    const auth = [...this.#auth].map(([name, byName]) => [name, [...byName.values()]] as const)
    return { environments: new Map(entries), auth: new Map(auth), problems }
  }

  #problem(offset: number, severity: Severity, code: string, message: string): void {
    this.#problems.push({ file: this.#file, offset, severity, code, message })
  }

  #add({ path, offset, start, end }: JsonMember): void {
    const [environment = '', ...steps] = path
    const text = this.#json.slice(start, end)
    if (steps.length === 0) {
      if (environment.startsWith('$') && environment !== SHARED) return
      if (text.startsWith('{')) this.#variables(environment)
      else
        this.#problem(
          offset,
          'warning',
          'BAD_ENVIRONMENT',
          `The environment ${JSON.stringify(environment)} is not an object; write {"name": "value"}.`,
        )
      return
    }
    if (steps[0] === SECURITY) {
      this.#addSecurity(environment, steps.slice(1), { path, offset, start, end })
      return
    }
    const top = NOT_VARIABLES[steps[0] ?? '']
    if (top !== undefined) {
      if (steps.length === 1) this.#problem(offset, 'info', 'NO_EFFECT', top)
      return
    }
    const name = steps.join('.')
    if (!VARIABLE_NAME.test(name)) {
      this.#problem(
        offset,
        'warning',
        'BAD_NAME',
        `${JSON.stringify(name.slice(0, 80))} cannot be used as a variable: start with a letter or _, followed by letters, digits, _, . or -, at most 64 characters.`,
      )
      return
    }
    if (text === 'null') return
    if (++this.#count > MAX_VARIABLES) {
      this.#problem(offset, 'warning', 'TOO_MANY', `Only the first ${MAX_VARIABLES} variables are read.`)
      return
    }
    const value = text.startsWith('"') ? String(JSON.parse(text)) : text
    this.#variables(environment).set(name, { name, value, place: { file: this.#file, offset } })
  }

  /** `Security.Auth.NAME.KEY`. A member comes after those inside it. */
  #addSecurity(environment: string, steps: readonly string[], { offset, start, end }: JsonMember): void {
    const [kind, name, key] = steps
    if (kind === undefined || steps.length > 3) return
    if (kind !== 'Auth') {
      if (steps.length === 1)
        this.#problem(offset, 'info', 'NO_EFFECT', `Security.${kind.slice(0, 80)} has no effect.`)
      return
    }
    if (name === undefined) return
    const place = { file: this.#file, offset }
    if (key === undefined) {
      if (!AUTH_NAME.test(name) || !this.#json.startsWith('{', start))
        this.#problem(
          offset,
          'warning',
          'BAD_AUTH',
          'This is not a configuration: write {"name": {"Type": "OAuth2", …}}, with at most 100 characters and no quotes or braces in the name.',
        )
      else this.#authEntry(environment, name, place)
      return
    }
    if (!AUTH_NAME.test(name) || ++this.#count > MAX_VARIABLES) return
    const field = { key, value: JSON.parse(this.#json.slice(start, end)), place }
    const problem = fieldProblem(field)
    if (problem !== undefined) this.#problem(offset, problem.severity, problem.code, problem.message)
    if (field.value !== null) this.#authEntry(environment, name, place).fields.push(field)
  }

  #authEntry(
    environment: string,
    name: string,
    place: AuthEntry['place'],
  ): AuthEntry & { fields: AuthField[] } {
    const byName = getOrMake(this.#auth, environment, () => new Map())
    return getOrMake(byName, name, () => ({ name, place, fields: [] }))
  }

  #variables(environment: string): Map<string, EnvironmentVariable> {
    return getOrMake(this.#environments, environment, () => new Map())
  }
}

/** What is wrong with a text that is too large to be read. */
export function tooLargeProblem(file: string, text: string): EnvironmentProblem | undefined {
  if (text.length <= MAX_LENGTH) return undefined
  const message = `The file has more than ${MAX_LENGTH} characters, so it is not read.`
  return { file, offset: 0, severity: 'error', code: 'TOO_LARGE', message }
}

/**
 * Reads the environments in a text. Comments are allowed. Of an object, `{{name}}` is its JSON, and `{{name.member}}` a
 * value inside it.
 */
export function readEnvironmentFile(file: string, text: string): EnvironmentFileText {
  const problem = (offset: number, code: string, message: string): EnvironmentFileText => ({
    environments: new Map(),
    auth: new Map(),
    problems: [{ file, offset, severity: 'error', code, message }],
  })
  const tooLarge = tooLargeProblem(file, text)
  if (tooLarge !== undefined) return { environments: new Map(), auth: new Map(), problems: [tooLarge] }
  const json = blankComments(text)
  const value = tryParseJson(json)
  if (value === undefined) {
    const offset = jsonErrorIndex(json)
    const found = json[offset]
    const at = found === undefined ? 'it ends too early' : `there is ${JSON.stringify(found)}`
    return problem(offset, 'BAD_JSON', `The file is not valid JSON: ${at}; its variables are not used.`)
  }
  if (!isFields(value))
    return problem(
      0,
      'BAD_ENVIRONMENT',
      'The file must be an object of environments: {"dev": {"host": "…"}}.',
    )
  return new Reader(file, json).read()
}
