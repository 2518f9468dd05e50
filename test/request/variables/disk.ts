/** Files of requests and their environments in a temporary folder. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import type { FileRequest, RequestFile } from '../../../src/request/file/request-file.ts'
import { type ResolvedRequest, resolveRequest } from '../../../src/request/resolve.ts'
import { type Environments, loadEnvironments } from '../../../src/request/variables/environments.ts'
import { type ScopeSources, VariableScope } from '../../../src/request/variables/scope.ts'
import type { Answers, RequestFiles } from '../../../src/request/variables/variables.ts'
import { tempDir } from '../../support/temp-dir.ts'

export const DISK: RequestFiles = {
  read: async (path) => (existsSync(path) ? readFileSync(path) : undefined),
  resolve: (file, reference) => resolve(dirname(file), reference),
}

/** Writes files by their paths in a new folder, and returns the folder. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = tempDir()
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

export async function environmentsOf(root: string, file = 'api.http'): Promise<Environments> {
  return await loadEnvironments(join(root, file), DISK, { root, parseEnv })
}

/** Answers that fail the test if they are asked for. */
export const NO_ANSWERS: Answers = {
  secret: (name) => Promise.reject(new Error(`asked for the secret ${name}`)),
  prompt: (question) => Promise.reject(new Error(`asked ${question}`)),
  token: ({ name }) => Promise.reject(new Error(`asked for a token of ${name}`)),
  processEnv: () => undefined,
}

/** The scope at the end of a file, or for one of its requests. */
export function scopeOf(text: string, sources: Partial<ScopeSources> = {}): VariableScope {
  return new VariableScope({ file: '/work/api.http', parsed: parseRequestFile(text), ...sources })
}

export interface ResolveOptions extends Partial<Omit<ScopeSources, 'parsed' | 'request' | 'answers'>> {
  readonly answers?: Partial<Answers>
  /** The position of the request in the file. */
  readonly at?: number
}

/** Resolves a request of a file with that text. */
export async function resolveText(text: string, options: ResolveOptions = {}): Promise<ResolvedRequest> {
  const { answers, at = 0, file = '/work/api.http', ...sources } = options
  const parsed = parseRequestFile(text)
  const request = requestAt(parsed, at)
  const scope = new VariableScope({ ...sources, file, parsed, request })
  return await resolveRequest(request, { file, scope, files: DISK, answers: { ...NO_ANSWERS, ...answers } })
}

export function requestAt({ requests }: RequestFile, at = 0): FileRequest {
  const request = requests[at]
  if (request === undefined) throw new RangeError(`There is no request ${at}.`)
  return request
}
