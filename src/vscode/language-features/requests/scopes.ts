/** The variables that a request of a document can use now. */
import type * as vscode from 'vscode'
import type { FileRequest, RequestFile } from '../../../request/file/request-file.ts'
import { VariableScope } from '../../../request/variables/scope.ts'
import type { Variables } from '../../../shared/compose/template.ts'
import type { Environments } from '../../requests/environments.ts'
import { pathOf } from '../../requests/request-files.ts'

export interface ScopeOptions {
  readonly environments: Pick<Environments, 'of' | 'nameFor'>
  /** The variables that messages have set, by file. */
  readonly values: { of(uri: vscode.Uri): Variables }
  readonly shelf: { read(): { readonly variables: Variables } }
}

/**
 * The scope of a request, or of the whole file. Rejects with a `Failure` if a file of environments cannot be read, or does
 * not have the environment that is chosen.
 */
export async function scopeOf(
  { environments, values, shelf }: ScopeOptions,
  uri: vscode.Uri,
  parsed: RequestFile,
  request?: FileRequest,
): Promise<VariableScope> {
  const environment = await environments.nameFor(uri)
  return new VariableScope({
    file: pathOf(uri),
    parsed,
    ...(request !== undefined && { request }),
    answers: values.of(uri),
    environments: await environments.of(uri),
    ...(environment !== undefined && { environment }),
    composer: shelf.read().variables,
  })
}
