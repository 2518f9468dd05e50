/** Writes imported variables as `http-client.env.json`. */
import { VARIABLE_NAME } from '../../shared/compose/template.ts'
import { Failure } from '../../shared/failure.ts'
import type { SecretNamesOptions } from '../saving/secret-names.ts'
import { ImportedSecrets } from './hide-secrets.ts'
import { type HttpText, secretSentence } from './http-text.ts'
import type { Imported } from './imported.ts'

const MAX_ENVIRONMENTS = 100
const MAX_VARIABLES = 1000

/** The JSON of the environments. Throws a `Failure` `NOTHING_TO_IMPORT`. */
export function environmentTextOf(
  { environments = [], notTaken = [] }: Imported,
  names: Omit<SecretNamesOptions, 'prefix'> = {},
): HttpText {
  if (environments.length === 0)
    throw new Failure('NOTHING_TO_IMPORT', 'It has no environments; import its requests into a .http file.')
  const secrets = new ImportedSecrets({ prefix: '', ...names })
  const written = environments.slice(0, MAX_ENVIRONMENTS).map(({ name, variables }) => {
    const known = variables.filter((variable) => VARIABLE_NAME.test(variable.name)).slice(0, MAX_VARIABLES)
    return [name, Object.fromEntries(known.map((each) => [each.name, secrets.hideInVariable(each)]))] as const
  })
  return {
    text: `${JSON.stringify(Object.fromEntries(written), undefined, 2)}\n`,
    notTaken: [...notTaken, ...secretSentence(secrets)],
    secrets: secrets.used,
  }
}
