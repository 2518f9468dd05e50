/** Where the variables of a request come from. */
import type { Variables } from '../../shared/compose/template.ts'
import type { FileRequest, RequestFile } from '../file/request-file.ts'
import type { Environments } from './environments.ts'

export interface ScopeSources {
  /** The path of the file of requests. */
  readonly file: string
  readonly parsed: RequestFile
  /** The request that uses the variables. Without one, the end of the file counts. */
  readonly request?: FileRequest
  readonly given?: Variables
  readonly answers?: Variables
  readonly environments?: Environments
  /** The name of the environment that is chosen. */
  readonly environment?: string
  readonly composer?: Variables
}
