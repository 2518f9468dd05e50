/** What is wrong in a document with requests, or in a file of environments. */
import * as vscode from 'vscode'
import type { FileRequest, Problem, RequestFile, Span } from '../../../request/file/request-file.ts'
import { literalSecrets } from '../../../request/language/literal-secrets.ts'
import { effectProblems, protocolProblems, variableProblems } from '../../../request/language/problems.ts'
import { RequestFailure, resolveRequest } from '../../../request/resolve.ts'
import { readEnvironmentFile } from '../../../request/variables/environment-file.ts'
import { DOTENV_FILE } from '../../../request/variables/environments.ts'
import type { VariableScope } from '../../../request/variables/scope.ts'
import type { Answers, RequestFiles } from '../../../request/variables/variables.ts'
import { sentenceOf } from '../../../shared/failure.ts'
import { endOfString } from '../../../shared/text/json-text.ts'
import { pathOf, REQUEST_FILES, uriAt } from '../../requests/request-files.ts'
import { MAX_DOCUMENT } from './request-documents.ts'
import { type ScopeOptions, scopeOf } from './scopes.ts'

/** Requests of a document that are resolved to check them. */
const MAX_RESOLVED = 200
/** Bytes of a file that is read only to check a request. Of a larger one, only that it is there. */
const MAX_READ = 256 * 1024
/** Stands for what is known only when a request runs. It is valid as a host, a port and a number. */
const STAND_IN = '11111'

const ANSWERS: Answers = {
  secret: async () => STAND_IN,
  prompt: async () => STAND_IN,
  token: async () => STAND_IN,
  processEnv: (name) => process.env[name] ?? STAND_IN,
}

const FILES: RequestFiles = {
  resolve: REQUEST_FILES.resolve,
  read: async (path) => {
    try {
      const { size } = await vscode.workspace.fs.stat(uriAt(path))
      if (size > MAX_READ) return new Uint8Array()
    } catch (thrown) {
      if (!(thrown instanceof vscode.FileSystemError)) throw thrown
    }
    return await REQUEST_FILES.read(path)
  },
}

/** A document that is not read. */
export function tooLargeProblem(): Problem {
  return {
    severity: 'info',
    start: 0,
    end: 0,
    code: 'TOO_LARGE',
    message: vscode.l10n.t(
      'The file has more than {0} characters, so it has no editor features. Its requests can still run.',
      MAX_DOCUMENT,
    ),
  }
}

/** The problems of a file of requests, in no order. `isStale` ends it early. */
export async function problemsOf(
  options: ScopeOptions,
  document: vscode.TextDocument,
  file: RequestFile,
  isStale: () => boolean,
): Promise<Problem[]> {
  const found: Problem[] = [...file.problems, ...file.requests.flatMap(secretProblems)]
  let scope: VariableScope
  try {
    scope = await scopeOf(options, document.uri, file)
  } catch (thrown) {
    const start = file.requests[0]?.line ?? { start: 0, end: 0 }
    return [
      ...found,
      { ...spanOf(start), severity: 'warning', code: 'ENVIRONMENT', message: sentenceOf(thrown) },
    ]
  }
  const unknown = variableProblems(file, scope)
  found.push(...unknown)
  for (const request of file.requests.slice(0, MAX_RESOLVED)) {
    if (isStale()) break
    if (request.canRun) found.push(...(await resolutionProblems(options, document, file, request, unknown)))
  }
  return found
}

function spanOf({ start, end }: Span): Span {
  return { start, end }
}

function secretProblems(request: FileRequest): Problem[] {
  return literalSecrets(request).map(({ start, end, place, suggestion }) => ({
    severity: 'info',
    start,
    end,
    code: 'LITERAL_SECRET',
    message: vscode.l10n.t(
      'Anyone who has this file can read {0}. Move the value to a secret, and write {1}.',
      place,
      `{{$secret ${suggestion}}}`,
    ),
  }))
}

/** What a request says only if it is made into a connection. */
async function resolutionProblems(
  options: ScopeOptions,
  document: vscode.TextDocument,
  file: RequestFile,
  request: FileRequest,
  unknown: readonly Problem[],
): Promise<Problem[]> {
  try {
    const scope = await scopeOf(options, document.uri, file, request)
    const context = { file: pathOf(document.uri), scope, answers: ANSWERS, files: FILES }
    const { spec, problems } = await resolveRequest(request, context)
    return [...problems, ...effectProblems(request, spec), ...protocolProblems(request, spec)]
  } catch (thrown) {
    if (!(thrown instanceof RequestFailure)) throw thrown
    const { span, code, message } = thrown
    // An unknown variable is marked in each place already.
    if (unknown.some((each) => each.code === code && each.start < request.end && request.start < each.end))
      return []
    return [{ ...spanOf(span), severity: 'error', code, message }]
  }
}

/** The problems of a file of environments, by its text. */
export function environmentProblems({ uri }: vscode.TextDocument, text: string): Problem[] {
  if (uri.path.endsWith(`/${DOTENV_FILE}`)) return []
  return readEnvironmentFile(pathOf(uri), text).problems.map(({ offset, severity, code, message }) => ({
    severity,
    code,
    message,
    start: offset,
    end: text[offset] === '"' ? endOfString(text, offset) : Math.min(offset + 1, text.length),
  }))
}
