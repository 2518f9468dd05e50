/** The values of `{{$secret NAME}}` in the terminal: from a file, or from the environment. */
import { stat } from 'node:fs/promises'
import { parseEnv } from 'node:util'
import { ownValue } from '../../shared/fields.ts'
import { readFileOrInput } from '../connect/option-files.ts'
import { printNotice } from '../standard-error.ts'

/** Permissions of others than the owner. */
const OTHERS = 0o077
const PREFIX = 'REALTIME_SECRET_'

/** The environment variables that may have a secret, from what wins to what is used last. */
export function secretVariables(name: string): readonly string[] {
  const portable = name.toUpperCase().replaceAll(/[^A-Z\d_]/g, '_')
  return [...new Set([`${PREFIX}${name}`, `${PREFIX}${portable}`, name])]
}

export class RunSecrets {
  readonly #values: Readonly<Record<string, string | undefined>>
  readonly #environment: NodeJS.ProcessEnv

  constructor(
    values: Readonly<Record<string, string | undefined>>,
    environment: NodeJS.ProcessEnv = process.env,
  ) {
    this.#values = values
    this.#environment = environment
  }

  /** Reads the file that `--secrets` names, in the format of `.env`. Rejects with a `UsageError` if it cannot be read. */
  static async read(file: string | undefined): Promise<RunSecrets> {
    if (file === undefined) return new RunSecrets({})
    const text = new TextDecoder().decode(await readFileOrInput(file, '--secrets'))
    if (file !== '-') await warnIfOpen(file)
    return new RunSecrets(parseEnv(text))
  }

  /** The value; undefined if there is none. An empty one counts as none: CI systems set missing secrets to nothing. */
  get(name: string): string | undefined {
    const fromEnvironment = secretVariables(name).map((variable) => ownValue(this.#environment, variable))
    return [ownValue(this.#values, name), ...fromEnvironment].find(
      (value) => value !== undefined && value !== '',
    )
  }
}

/** Says that others can read the file. Windows has no such permissions. */
async function warnIfOpen(file: string): Promise<void> {
  if (process.platform === 'win32') return
  const info = await stat(file)
  if (info.isFile() && (info.mode & OTHERS) !== 0)
    printNotice(
      `Other users of this machine may be able to read the secrets in ${file}; run chmod 600 ${file}.`,
    )
}
