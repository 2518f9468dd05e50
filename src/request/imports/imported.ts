/** What is read from the file of another program: requests, variables, and what could not be imported. */
import type { WrittenRequest } from '../file/print.ts'

/** A file of another program, or a text that was pasted. */
export interface ForeignFile {
  /** Absent if it was pasted. */
  readonly path?: string
  readonly text: string
}

/** A request as it is written, before its secrets are replaced. Its title need not be unique. */
export interface ImportedRequest extends Omit<WrittenRequest, 'name'> {
  /** What its author says of it: comments in front of it. */
  readonly description?: string
  /** What of it was not imported, one sentence each. */
  readonly notTaken?: readonly string[]
}

export interface ImportedVariable {
  readonly name: string
  /** With placeholders. */
  readonly value: string
  /** The other program keeps it as a secret. Names and values that look like secrets are found without this. */
  readonly isSecret?: boolean
}

/** Variables for `http-client.env.json`. */
export interface ImportedEnvironment {
  readonly name: string
  readonly variables: readonly ImportedVariable[]
}

export interface Imported {
  /** What the file calls itself. Names of secrets begin with it. */
  readonly name?: string
  readonly requests: readonly ImportedRequest[]
  /** Variables of the file of requests. */
  readonly variables?: readonly ImportedVariable[]
  readonly environments?: readonly ImportedEnvironment[]
  /** What was not imported, besides what its requests say; one sentence each. */
  readonly notTaken?: readonly string[]
}

/** What several files have, under the first name of one. */
export function joinImported(all: readonly Imported[]): Imported {
  const [name] = all.flatMap((each) => each.name ?? [])
  return {
    ...(name !== undefined && { name }),
    requests: all.flatMap(({ requests }) => requests),
    variables: all.flatMap(({ variables = [] }) => variables),
    environments: all.flatMap(({ environments = [] }) => environments),
    notTaken: all.flatMap(({ notTaken = [] }) => notTaken),
  }
}

/** A kind of file that can be imported. */
export interface Importer {
  readonly name: string
  /** Its name for people. */
  readonly label: string
  /** How the names of such files end, without the first dot. */
  readonly extensions: readonly string[]
  /** Whether it is such a file, at a glance. */
  recognizes(file: ForeignFile): boolean
  /** Rejects with a `Failure` if it cannot be read. */
  read(file: ForeignFile): Promise<Imported>
  /** Reads files that say something of each other. If absent, each is read alone. */
  readTogether?(files: readonly ForeignFile[]): Promise<Imported>
}
