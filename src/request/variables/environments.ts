/** Environments: named sets of variables in files beside or above a file of requests. */
import { Failure } from '../../shared/failure.ts'
import { isSecretName } from '../../shared/secrets/names.ts'
import { shortened } from '../../shared/text/shortened.ts'
import { type Auth, mergeAuth } from './auth-configuration.ts'
import {
  type EnvironmentProblem,
  type EnvironmentVariable,
  readEnvironmentFile,
  SHARED,
  tooLargeProblem,
} from './environment-file.ts'
import { nearMatch } from './near-match.ts'
import type { AuthEntry } from './security-auth.ts'
import type { RequestFiles, VariableSource } from './variables.ts'

export type { EnvironmentProblem, EnvironmentVariable } from './environment-file.ts'

export const ENVIRONMENT_FILE = 'http-client.env.json'
export const PRIVATE_FILE = 'http-client.private.env.json'
export const DOTENV_FILE = '.env'

/** The sources of variables that are files of their own, and their names, from what wins to what is used last. */
export const ENVIRONMENT_SOURCES = [
  ['private', PRIVATE_FILE],
  ['environment', ENVIRONMENT_FILE],
  ['dotenv', DOTENV_FILE],
] as const satisfies readonly (readonly [VariableSource, string])[]
export type EnvironmentSource = (typeof ENVIRONMENT_SOURCES)[number][0]

/** A file that was found. */
export interface EnvironmentFile {
  readonly source: EnvironmentSource
  /** Absolute. */
  readonly path: string
}

export interface EnvironmentName {
  readonly name: string
  /** Its first variables in one line, such as `host = localhost:3000`, without values that may be secret. */
  readonly description: string
}

export interface Environments {
  readonly files: readonly EnvironmentFile[]
  /** In the order of the files; `$shared` is not one of them. */
  readonly names: readonly EnvironmentName[]
  readonly problems: readonly EnvironmentProblem[]
  /** By source and by name of the environment. Those of `.env` have the name `$shared`. */
  readonly variables: ReadonlyMap<EnvironmentSource, ReadonlyMap<string, readonly EnvironmentVariable[]>>
  /** `Security.Auth` by source and by name of the environment. */
  readonly auth: ReadonlyMap<EnvironmentSource, ReadonlyMap<string, readonly AuthEntry[]>>
}

/** A variable that holds, and where it is from. */
export interface SourcedVariable extends EnvironmentVariable {
  readonly source: EnvironmentSource
}

export interface LoadOptions {
  /** The last folder to look in: that of the workspace, or the root of the file system. */
  readonly root: string
  /** Reads the text of `.env`, such as `parseEnv` of `node:util`. */
  parseEnv(text: string): Readonly<Record<string, string | undefined>>
}

/** The largest number of folders above a file that are looked in. */
const MAX_FOLDERS = 64
const DESCRIBED = 3
const MAX_DESCRIPTION = 80

const withoutSlash = (folder: string) => folder.replace(/(?<=.)[/\\]$/, '')

/** The folder of the file and those above it up to `root`. */
function foldersOf(file: string, files: RequestFiles, root: string): string[] {
  const folders: string[] = []
  for (let up = 0; up < MAX_FOLDERS; up++) {
    const folder = withoutSlash(files.resolve(file, up === 0 ? '.' : Array(up).fill('..').join('/')))
    if (folder === folders.at(-1)) break
    folders.push(folder)
    if (folder === withoutSlash(root)) break
  }
  return folders
}

interface FoundText extends EnvironmentFile {
  readonly text: string
}

/** The file with that name in the nearest of the folders. */
async function findFile(
  folderCount: number,
  file: string,
  files: RequestFiles,
  [source, name]: (typeof ENVIRONMENT_SOURCES)[number],
): Promise<FoundText | undefined> {
  for (let up = 0; up < folderCount; up++) {
    const path = files.resolve(file, `${'../'.repeat(up)}${name}`)
    const bytes = await files.read(path)
    if (bytes !== undefined) return { source, path, text: new TextDecoder().decode(bytes) }
  }
  return undefined
}

/** The places of names in `.env`: at the beginning of a line, perhaps after `export`. */
function dotenvVariables(
  { path, text }: FoundText,
  parseEnv: LoadOptions['parseEnv'],
): EnvironmentVariable[] {
  const offsets = new Map<string, number>()
  for (const match of text.matchAll(
    /^[ \t]{0,64}(?:export[ \t]{1,8})?(?<name>[\w.-]{1,64})(?=[ \t]{0,64}=)/gm,
  )) {
    const name = match.groups?.name ?? ''
    offsets.set(name, match.index + match[0].length - name.length)
  }
  return Object.entries(parseEnv(text)).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value, place: { file: path, offset: offsets.get(name) ?? 0 } }],
  )
}

/**
 * Reads the environments of a file of requests: each kind of file beside it, or in the nearest folder above it. Mistakes
 * in a file are `problems`. Rejects if a file cannot be read.
 */
export async function loadEnvironments(
  file: string,
  files: RequestFiles,
  { root, parseEnv }: LoadOptions,
): Promise<Environments> {
  const { length } = foldersOf(file, files, root)
  const found = await Promise.all(ENVIRONMENT_SOURCES.map((each) => findFile(length, file, files, each)))
  const variables = new Map<EnvironmentSource, ReadonlyMap<string, readonly EnvironmentVariable[]>>()
  const auth = new Map<EnvironmentSource, ReadonlyMap<string, readonly AuthEntry[]>>()
  const problems: EnvironmentProblem[] = []
  const read = found.filter((each) => each !== undefined)
  for (const each of read) {
    if (each.source === 'dotenv') {
      const problem = tooLargeProblem(each.path, each.text)
      if (problem !== undefined) {
        problems.push(problem)
        continue
      }
      variables.set(each.source, new Map([[SHARED, dotenvVariables(each, parseEnv)]]))
      continue
    }
    const content = readEnvironmentFile(each.path, each.text)
    variables.set(each.source, content.environments)
    auth.set(each.source, content.auth)
    for (const problem of content.problems) problems.push(problem)
  }
  return {
    files: read.map(({ source, path }) => ({ source, path })),
    names: namesIn(variables),
    problems,
    variables,
    auth,
  }
}

function namesIn(variables: Environments['variables']): EnvironmentName[] {
  const names = new Set(
    ['environment', 'private'].flatMap((source) => [
      ...(variables.get(source as EnvironmentSource)?.keys() ?? []),
    ]),
  )
  names.delete(SHARED)
  return [...names].map((name) => ({ name, description: descriptionOf(name, variables) }))
}

/** Values of the private file are not shown. */
function descriptionOf(name: string, variables: Environments['variables']): string {
  const shown = (variables.get('environment')?.get(name) ?? [])
    .filter((each) => !isSecretName(each.name) && !/[\r\n]/.test(each.value))
    .slice(0, DESCRIBED)
    .map((each) => `${each.name} = ${each.value}`)
  const text = shown.join(', ')
  if (text !== '') return shortened(text, MAX_DESCRIPTION)
  const hidden = variables.get('private')?.get(name)?.length ?? 0
  if (hidden === 0) return ''
  return hidden === 1 ? '1 private variable' : `${hidden} private variables`
}

/**
 * The variables that hold in an environment, or without one, each name once. In each file, what the environment says
 * wins over `$shared`. Throws a `Failure` `UNKNOWN_ENVIRONMENT`.
 */
export function variablesIn(environments: Environments, name?: string): SourcedVariable[] {
  if (name !== undefined) requireEnvironment(environments, name)
  const merged = new Map<string, SourcedVariable>()
  for (const [source] of ENVIRONMENT_SOURCES)
    for (const environment of name === undefined ? [SHARED] : [name, SHARED])
      for (const variable of environments.variables.get(source)?.get(environment) ?? [])
        if (!merged.has(variable.name)) merged.set(variable.name, { ...variable, source })
  return [...merged.values()]
}

/** The configurations of `Security.Auth` that hold in an environment, or without one, merged as variables are. */
export function authIn({ auth }: Environments, name?: string): Map<string, Auth> {
  const entries: AuthEntry[] = []
  for (const [source] of ENVIRONMENT_SOURCES)
    for (const environment of name === undefined ? [SHARED] : [name, SHARED])
      for (const entry of auth.get(source)?.get(environment) ?? []) entries.push(entry)
  return mergeAuth(entries)
}

function requireEnvironment({ names, files }: Environments, name: string): void {
  if (names.some((each) => each.name === name)) return
  const known = names.map((each) => each.name)
  const near = nearMatch(name, known)
  const advice =
    near !== undefined
      ? `did you mean ${near}?`
      : known.length > 0
        ? `the environments are ${known.join(', ')}.`
        : `define it in ${ENVIRONMENT_FILE} beside the file.`
  const inFile = files.length > 0 ? ` in ${files.map(({ path }) => path).join(' or ')}` : ''
  throw new Failure(
    'UNKNOWN_ENVIRONMENT',
    `There is no environment ${JSON.stringify(name)}${inFile}; ${advice}`,
  )
}
