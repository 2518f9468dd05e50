/** Variables of requests: where they come from, and what they are now. */
import type { Failure } from '../../shared/failure.ts'

/** From what wins to what is used last. */
export const VARIABLE_SOURCES = [
  /** `--var NAME=VALUE`. */
  'given',
  /** An answer of this run, by `# @set`. */
  'answer',
  /** `@name = value` in the file. */
  'file',
  /** `http-client.private.env.json`. */
  'private',
  /** `http-client.env.json`. */
  'environment',
  /** `.env` beside or above the file. */
  'dotenv',
  /** The variables of the composer. */
  'composer',
] as const
export type VariableSource = (typeof VARIABLE_SOURCES)[number]

export interface Variable {
  readonly name: string
  /**
   * With its own placeholders filled, except those that only a request fills: `{{$secret NAME}}`, other built-in ones,
   * and variables that messages set. Empty if there is a problem.
   */
  readonly value: string
  readonly source: VariableSource
  /** The file that says it, and the offset of its name there. Absent if it is not from a file. */
  readonly place?: { readonly file: string; readonly offset: number }
  /** It is from a private source, is filled by a secret, or its name says that it is one: do not show it. */
  readonly isSecret: boolean
  /** Why it has no value, such as an unknown variable in it. */
  readonly problem?: Failure
}

/** A configuration of `Security.Auth` with its variables filled, by JetBrains' keys. */
export interface TokenSource {
  readonly name: string
  readonly settings: Readonly<Record<string, string>>
}

/** What a request asks for while it is resolved. Each rejects with a `Failure` whose sentence says what is missing. */
export interface Answers {
  /** `{{$secret NAME}}`. */
  secret(name: string): Promise<string>
  /** `{{$prompt Question}}`. Asked once for each question of a run. `{{$password Question}}` has a secret answer. */
  prompt(question: string, isSecret: boolean): Promise<string>
  /** `{{$auth.token("NAME")}}` where it is filled once: in bodies and messages. */
  token(source: TokenSource): Promise<string>
  /** `{{$processEnv NAME}}`; undefined if it is not set. */
  processEnv(name: string): string | undefined
}

/** Reads files that a request names, and environments. Paths are absolute. */
export interface RequestFiles {
  /** Undefined if the file does not exist. Rejects with a `Failure` if it cannot be read. */
  read(path: string): Promise<Uint8Array | undefined>
  /** The path of what `reference` means beside `file`. */
  resolve(file: string, reference: string): string
}
