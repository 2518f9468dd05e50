/** Mistakes that show only when the whole file is read, with its variables and the connection that each request opens. */
import { expand, scopeNow } from '../../shared/compose/template.ts'
import { Failure } from '../../shared/failure.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { isSpoken, SPOKEN } from '../../shared/spoken/table.ts'
import { variablesSetBy } from '../file/read-rule.ts'
import type { FileRequest, Problem, RequestFile, Severity, Span } from '../file/request-file.ts'
import { settingOf } from '../file/settings.ts'
import { REQUEST_OPTIONS, readOption } from '../options.ts'
import { optionsWithoutEffect } from '../request.ts'
import { authProblem } from '../variables/auth-configuration.ts'
import { Filling } from '../variables/fill.ts'
import { nearMatch } from '../variables/near-match.ts'
import type { VariableScope } from '../variables/scope.ts'
import { unknownVariable } from '../variables/unknown.ts'
import type { Answers } from '../variables/variables.ts'
import { type PlacedPlaceholder, placeholdersOf } from './variable-places.ts'

/** Nothing is asked to find out what a placeholder means. */
const UNANSWERED: Answers = {
  secret: async () => '',
  prompt: async () => '',
  token: async () => '',
  processEnv: () => undefined,
}
const TEMPLATE = scopeNow({}, 1)
/** Longest name in a sentence, in characters. */
const MAX_NAME = 64

function problem(severity: Severity, { start, end }: Span, code: string, message: string): Problem {
  return { severity, start, end, code, message }
}

/**
 * Placeholders that nothing fills, and variables without a value. `scope` is that of the whole file: a variable of the file
 * holds in all of its requests.
 */
export function variableProblems(file: RequestFile, scope: VariableScope): Problem[] {
  const setByMessages = new Set(file.requests.flatMap(variablesSetBy).map(({ text }) => text))
  const filling = new Filling(scope, UNANSWERED, TEMPLATE)
  const unknown = placeholdersOf(file).flatMap((placeholder) => {
    const failure = placeholderFailure(placeholder, filling, setByMessages)
    return failure === undefined ? [] : [problem('warning', placeholder, failure.code, failure.message)]
  })
  const circular = file.variables.flatMap(({ name }) => {
    const failure = scope.lookup(name.text)?.problem
    // Where a variable in its value is unknown, that is said there.
    return failure === undefined || failure.code === 'UNKNOWN_VARIABLE'
      ? []
      : [problem('error', name, failure.code, failure.message)]
  })
  return [...unknown, ...circular]
}

function placeholderFailure(
  placeholder: PlacedPlaceholder,
  filling: Filling,
  setByMessages: ReadonlySet<string>,
): Failure | undefined {
  const { name } = placeholder
  const { scope } = filling
  if (!name.startsWith('$')) {
    if (scope.definition(name) !== undefined || setByMessages.has(name)) return undefined
    return unknownVariable(name, scope.sources, scope.names())
  }
  try {
    const meaning = filling.meaning(placeholder)
    if ('composer' in meaning) expand(meaning.composer, TEMPLATE)
    const isToken = 'asks' in meaning && meaning.asks === 'token'
    return isToken ? authProblem(scope.auth(meaning.name)) : undefined
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown
    throw thrown
  }
}

/** Options that are set, but change nothing on the connection that the request opens. */
export function effectProblems(request: FileRequest, spec: ConnectionSpec): Problem[] {
  const without = new Set<string>(optionsWithoutEffect(spec))
  return request.options.flatMap(({ name }) => {
    const sets = settingOf(name.text)?.sets
    if (sets === undefined || !without.has(sets)) return []
    const purpose =
      sets in REQUEST_OPTIONS ? REQUEST_OPTIONS[sets as keyof typeof REQUEST_OPTIONS].purpose : undefined
    const why = purpose === undefined ? '' : `: ${purpose}`
    return [problem('warning', name, 'NO_EFFECT', `${name.text} has no effect here${why}.`)]
  })
}

/** Options of the spoken protocol that it does not have. */
export function protocolProblems(request: FileRequest, { protocol }: ConnectionSpec): Problem[] {
  const known =
    protocol !== undefined && isSpoken(protocol) ? SPOKEN[protocol].options.map(({ name }) => name) : []
  return request.options.flatMap(({ name, value }) => {
    if (settingOf(name.text)?.sets !== 'protocolOption' || value.text.includes('{{')) return []
    if (protocol === undefined)
      return [
        problem(
          'warning',
          name,
          'NO_EFFECT',
          'It has no effect without a protocol; write # @option protocol NAME.',
        ),
      ]
    const option = optionName(value.text)
    if (option === undefined || known.includes(option)) return []
    const near = nearMatch(option, known)
    const advice =
      near !== undefined
        ? `did you mean ${near}?`
        : known.length > 0
          ? `its options are ${known.join(', ')}.`
          : 'it has none.'
    return [
      problem(
        'warning',
        { start: value.start, end: value.start + option.length },
        'UNKNOWN_OPTION',
        `${protocol} has no option ${JSON.stringify(option.slice(0, MAX_NAME))}; ${advice}`,
      ),
    ]
  })
}

function optionName(written: string): string | undefined {
  const equals = written.indexOf('=')
  return equals > 0 ? readOption('protocolOption', written).name : undefined
}
