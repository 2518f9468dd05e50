/** The credentials of `--auth`, with their secrets from the environment, or from the person at the terminal. */
import type { Credentials } from '../../shared/credentials.ts'
import { UsageError } from '../command-line.ts'
import { Questions } from '../run/questions.ts'
import { API_KEY, type GivenAuth, PASSWORD, TOKEN } from './auth-option.ts'
import { type ConfigurationPlace, oauth2Credentials } from './oauth2-credentials.ts'

/** Rejects with a `UsageError` if a secret is not in the environment and cannot be asked for, or with `CANCELLED`. */
export async function givenCredentials(
  given: GivenAuth,
  place: ConfigurationPlace = {},
): Promise<Credentials> {
  switch (given.kind) {
    case 'basic':
    case 'digest':
      return { ...given, password: await secret(PASSWORD, `Password of ${given.user}`) }
    case 'bearer':
      return { ...given, token: await secret(TOKEN, 'Token') }
    case 'oauth2': {
      const { environment = place.environment } = given
      return await oauth2Credentials(given.name, { ...place, environment })
    }
    case 'api-key':
      return { ...given, value: await secret(API_KEY, `API key ${given.name}`) }
    case 'aws': {
      const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION } =
        process.env
      if (AWS_ACCESS_KEY_ID === undefined || AWS_SECRET_ACCESS_KEY === undefined)
        throw new UsageError(
          '--auth aws needs the environment variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_SESSION_TOKEN if the key is temporary; set them.',
        )
      const region = AWS_REGION ?? AWS_DEFAULT_REGION
      return {
        ...given,
        ...{ accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
        ...(AWS_SESSION_TOKEN !== undefined && { sessionToken: AWS_SESSION_TOKEN }),
        ...(region !== undefined && { region }),
      }
    }
  }
}

async function secret(variable: string, question: string): Promise<string> {
  const value = process.env[variable]
  if (value !== undefined && value !== '') return value
  const questions = new Questions()
  if (questions.canAsk) return await questions.ask(question, true)
  throw new UsageError(
    `The secret of --auth is missing; set the environment variable ${variable}. It is not read from standard input.`,
  )
}
