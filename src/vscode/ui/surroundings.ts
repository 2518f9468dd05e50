import type { LogOutputChannel, Uri } from 'vscode'
import type { Notifier } from './notifier.ts'
import type { PageFiles } from './page-files.ts'

/** What the parts of the extension get from the composition root. */
export interface Surroundings {
  readonly extensionUri: Uri
  readonly pages: PageFiles
  /** Private folder of the workspace. */
  readonly storage: string
  /** Path of the bundle that the part runs in a worker thread. */
  readonly script: string
  readonly log: LogOutputChannel
  readonly notifier: Notifier
}
