/** The variables of a file of requests that may be shown. */
import { VariableScope } from '../../request/variables/scope.ts'
import type { Variable } from '../../request/variables/variables.ts'
import type { Environments } from './environments.ts'
import { pathOf } from './request-files.ts'
import type { IndexedFile } from './request-index.ts'

/** Those of the file and of the chosen environment that are no secrets. */
export async function publicVariables(
  environments: Environments,
  { uri, file: parsed }: IndexedFile,
): Promise<readonly Variable[]> {
  const loaded = await environments.of(uri)
  const { chosen } = environments
  const isKnown = loaded.names.some(({ name }) => name === chosen)
  const scope = new VariableScope({
    ...{ file: pathOf(uri), parsed, environments: loaded },
    ...(chosen !== undefined && isKnown && { environment: chosen }),
  })
  return scope.all().filter(({ isSecret, problem }) => !isSecret && problem === undefined)
}
