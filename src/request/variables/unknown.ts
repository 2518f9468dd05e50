/** What is said of a variable that nothing defines. */
import { Failure } from '../../shared/failure.ts'
import { REQUEST_BUILT_INS } from './built-ins.ts'
import { ENVIRONMENT_FILE, type Environments } from './environments.ts'
import { nearMatch } from './near-match.ts'
import type { Placeholder } from './placeholders.ts'
import type { ScopeSources } from './sources.ts'

/** The names of the environments that define the variable. */
function environmentsWith(name: string, environments: Environments | undefined): string[] {
  const found = new Set<string>()
  for (const byName of environments?.variables.values() ?? [])
    for (const [environment, variables] of byName)
      if (variables.some((each) => each.name === name)) found.add(environment)
  return [...found]
}

function advice(name: string, sources: ScopeSources, names: Iterable<string>): string {
  const { parsed, environments, environment } = sources
  const near = nearMatch(name, names)
  if (near?.toLowerCase() === name.toLowerCase()) return `names are case-sensitive, and there is {{${near}}}.`
  const setter = parsed.requests.find(({ values }) => values.some((each) => each.name.text === name))
  if (setter !== undefined && setter === sources.request)
    return 'a message of this request sets it (# @set), so only messages can use it.'
  if (setter !== undefined) {
    const request =
      setter.name === undefined ? 'another request' : `the request ${JSON.stringify(setter.name.text)}`
    return `an answer to ${request} sets it (# @set), so run that first.`
  }
  const others = environmentsWith(name, environments)
  if (others.length > 0)
    return environment === undefined
      ? `choose an environment that defines it: ${others.join(', ')}.`
      : `the environment ${environment} does not define it, but ${others.join(', ')} does.`
  if (near !== undefined) return `did you mean {{${near}}}?`
  return `write @${name} = value in the file, or define it in ${ENVIRONMENT_FILE}.`
}

/**
 * The `Failure` `UNKNOWN_VARIABLE` for a name: where to define it, or which of the names that are defined was meant.
 */
export function unknownVariable(name: string, sources: ScopeSources, names: Iterable<string>): Failure {
  return new Failure('UNKNOWN_VARIABLE', `There is no variable {{${name}}}; ${advice(name, sources, names)}`)
}

/** The `Failure` `UNKNOWN_AUTH` for a configuration of `Security.Auth` that does not exist. */
export function unknownAuth(
  name: string,
  { environments, environment }: ScopeSources,
  names: Iterable<string>,
): Failure {
  const others = new Set<string>()
  for (const byName of environments?.auth.values() ?? [])
    for (const [other, entries] of byName) if (entries.some((each) => each.name === name)) others.add(other)
  const near = nearMatch(name, names)
  const said =
    near !== undefined
      ? `did you mean ${JSON.stringify(near)}?`
      : others.size === 0
        ? `add it to Security.Auth in ${ENVIRONMENT_FILE}.`
        : environment === undefined
          ? `choose an environment that has it: ${[...others].join(', ')}.`
          : `the environment ${environment} does not have it, but ${[...others].join(', ')} does.`
  return new Failure('UNKNOWN_AUTH', `There is no Security.Auth ${JSON.stringify(name)}; ${said}`)
}

/** Built-ins of other tools that this one does not have, and what to write instead. */
const OTHERS: readonly (readonly [start: string, advice: string])[] = [
  ['$auth', 'write {{$auth.token("name")}} or {{$auth.idToken("name")}}.'],
  ['$localDatetime', 'write {{$datetime iso8601}}, which is in UTC.'],
  ['$pick', 'write {{$prompt Question}}.'],
]

/** The `Failure` `UNKNOWN_VARIABLE` for a built-in that does not exist. */
export function unknownBuiltIn({ written, name }: Placeholder): Failure {
  const names = REQUEST_BUILT_INS.map((each) => each.name)
  const near = nearMatch(name, names)
  const other = OTHERS.find(([start]) => name.startsWith(start))?.[1]
  const said =
    other ?? (near === undefined ? `the built-in ones are ${names.join(', ')}.` : `did you mean ${near}?`)
  return new Failure('UNKNOWN_VARIABLE', `There is no built-in ${written}; ${said}`)
}
