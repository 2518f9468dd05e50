/** Makes a connection and a script of a request of a file: what it says, with its variables filled. */
import type { KeepAliveMessage } from '../shared/protocol/rules.ts'
import type { RequestScript } from '../shared/request-script.ts'
import type { Rule } from '../shared/rule.ts'
import { SHORTEST_SECRET } from '../shared/secrets/secret-forms.ts'
import { type ConnectionSpec, DEFAULT_MAX_MESSAGE_SIZE } from '../shared/spec.ts'
import type { FileRequest, Problem, Written } from './file/request-file.ts'
import { resolveConnection } from './resolve/connection.ts'
import { resolveExpectations } from './resolve/expectations.ts'
import { failureOf } from './resolve/failure.ts'
import { resolveKeepAlive, resolveRules } from './resolve/rules.ts'
import { resolveScript } from './resolve/script.ts'
import { expressionsOf } from './variables/expressions.ts'
import { Filling } from './variables/fill.ts'
import type { VariableScope } from './variables/scope.ts'
import { MessageTemplates } from './variables/templates.ts'
import type { Answers, RequestFiles } from './variables/variables.ts'

export { RequestFailure } from './resolve/failure.ts'

export interface ResolveContext {
  /** The path of the file of requests. */
  readonly file: string
  /** Of this request: `new VariableScope({ …, request })`. */
  readonly scope: VariableScope
  readonly answers: Answers
  readonly files: RequestFiles
}

export interface ResolvedRequest {
  readonly spec: ConnectionSpec
  readonly script: RequestScript
  /** What is expected of the connection, in the order of the file, without what only other tools check. */
  readonly expectations: readonly Written[]
  /** What the connection does by itself. */
  readonly rules: readonly Rule[]
  readonly keepAlive: KeepAliveMessage | undefined
  readonly limits: {
    /** Inbound messages after which the connection is closed. */
    readonly maxMessages?: number
    /** Milliseconds after which the connection is closed. */
    readonly duration?: number
  }
  /**
   * Secret values to mask in what is shown and saved, each once, in each of their `secretForms`. Those of fewer than 4
   * characters are left out.
   */
  readonly secrets: readonly string[]
  /** The specification with `{{$secret NAME}}` in place of secrets, for recent connections. Without certificates. */
  readonly remembered: ConnectionSpec
  /** Warnings: secrets that are too short to be masked, and expressions that are not evaluated. */
  readonly problems: readonly Problem[]
}

/** Resolves a request. Rejects with a `RequestFailure`, or with what an answer rejected with if its code is CANCELLED. */
export async function resolveRequest(
  request: FileRequest,
  { file, scope, answers, files }: ResolveContext,
): Promise<ResolvedRequest> {
  const filling = new Filling(scope, answers)
  const { text } = scope.sources.parsed
  try {
    const content = { file, files, filling, maxSize: DEFAULT_MAX_MESSAGE_SIZE }
    const connection = await resolveConnection(request, content)
    const { maxMessages, duration, send } = connection.run
    const { protocol } = connection.spec
    const templates = new MessageTemplates(filling)
    const scripted = { ...content, protocol, isManual: send === 'manual' }
    const script = await resolveScript(request, scripted, templates)
    return {
      spec: connection.spec,
      script,
      expectations: await resolveExpectations(request, filling),
      rules: await resolveRules(request, filling, templates),
      keepAlive: await resolveKeepAlive(request, filling, templates),
      limits: {
        ...(maxMessages !== undefined && { maxMessages }),
        ...(duration !== undefined && { duration }),
      },
      secrets: toMask([...filling.secrets.keys(), ...connection.secrets]),
      remembered: connection.remembered,
      problems: [...shortSecrets(filling.secrets, request), ...expressions(request, text)],
    }
  } catch (thrown) {
    throw failureOf(thrown, request, text, filling.secrets.keys())
  }
}

function toMask(secrets: readonly string[]): string[] {
  return [...new Set(secrets)].filter(({ length }) => length >= SHORTEST_SECRET)
}

function shortSecrets(secrets: ReadonlyMap<string, string>, { line }: FileRequest): Problem[] {
  const short = [...secrets].filter(([value]) => value.length < SHORTEST_SECRET)
  return short.map(([, written]) => ({
    ...{ start: line.start, end: line.end },
    severity: 'warning',
    code: 'SHORT_SECRET',
    message: `The value of ${written} has fewer than ${SHORTEST_SECRET} characters, so it is not masked in messages.`,
  }))
}

function expressions(request: FileRequest, text: string): Problem[] {
  return expressionsOf(request, text).map((span) => ({
    ...span,
    severity: 'warning',
    code: 'EXPRESSION',
    message: 'This is not the name of a variable, and expressions are not evaluated, so it is sent as it is.',
  }))
}
