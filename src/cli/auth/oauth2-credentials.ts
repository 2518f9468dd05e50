/** The credentials of `--auth oauth2:NAME`: a configuration of `Security.Auth` in the files of environments. */
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { parseRequestFile } from '../../request/file/parse.ts'
import { settingsOf } from '../../request/variables/auth-configuration.ts'
import { loadEnvironments } from '../../request/variables/environments.ts'
import { Filling } from '../../request/variables/fill.ts'
import { VariableScope } from '../../request/variables/scope.ts'
import type { Answers } from '../../request/variables/variables.ts'
import type { OAuthCredentials } from '../../shared/credentials.ts'
import { Failure } from '../../shared/failure.ts'
import { ownValue } from '../../shared/fields.ts'
import { UsageError } from '../command-line.ts'
import { DISK_FILES, rootOf } from '../run/disk-files.ts'
import { RunSecrets, secretVariables } from '../run/run-secrets.ts'

export interface ConfigurationPlace {
  /** The files of environments are searched for beside it. Default: a file in the current folder. */
  readonly file?: string
  readonly environment?: string | undefined
  /** Default: the environment of the process. */
  readonly secrets?: RunSecrets
}

/** Rejects with a `UsageError` if there is no such configuration, or if it cannot be used. */
export async function oauth2Credentials(
  name: string,
  { file: beside = 'connect.http', environment, secrets = new RunSecrets({}) }: ConfigurationPlace = {},
): Promise<OAuthCredentials> {
  const file = resolve(beside)
  const answers: Answers = {
    async secret(secret) {
      const value = secrets.get(secret)
      if (value !== undefined) return value
      throw new Failure(
        'NO_SECRET',
        `The secret ${secret} has no value; set the environment variable ${secretVariables(secret).join(' or ')}.`,
      )
    },
    prompt: (question) =>
      Promise.reject(
        new Failure(
          'NO_ANSWER',
          `${JSON.stringify(question)} is not asked for --auth; write {{$secret NAME}}.`,
        ),
      ),
    token: () =>
      Promise.reject(new Failure('BAD_AUTH', 'A configuration of Security.Auth cannot use a token.')),
    processEnv: (variable) => ownValue(process.env, variable),
  }
  try {
    const environments = await loadEnvironments(file, DISK_FILES, { root: rootOf(file), parseEnv })
    const parsed = parseRequestFile('')
    const scope = new VariableScope({
      file,
      parsed,
      environments,
      ...(environment !== undefined && { environment }),
    })
    const filling = new Filling(scope, answers)
    const settings = await settingsOf(scope.auth(name), async (text) => (await filling.fill(text)).text)
    return { kind: 'oauth2', name, settings }
  } catch (thrown) {
    throw thrown instanceof Failure ? new UsageError(`--auth oauth2:${name}: ${thrown.message}`) : thrown
  }
}
