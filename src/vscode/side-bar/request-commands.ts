/** The commands that go to requests in their files. */
import { l10n, type Uri } from 'vscode'
import { chooseRequest } from '../requests/choose-request.ts'
import type { RequestIndex } from '../requests/request-index.ts'
import { findRequest } from '../requests/request-runs.ts'
import { showSpan } from '../requests/show-request.ts'
import { asUri, ofRow } from '../ui/command-arguments.ts'

export interface FoundRequestCommandOptions {
  readonly index: RequestIndex
}

export function foundRequestCommands({ index }: FoundRequestCommandOptions) {
  /** Without a name, the file is meant. */
  const open = async (uri: Uri, name: unknown) => {
    const file = await index.fileAt(uri)
    const { start } = typeof name === 'string' ? findRequest(file, name).request.line : { start: 0 }
    await showSpan(uri, { start, end: start })
  }
  const find = async () => {
    const { uri, name } = await chooseRequest(index, l10n.t('Go to Request'))
    await open(uri, name)
  }
  return {
    'realtimeInspector.findRequest': find,
    /** Takes a file and a name, or a row of the side bar. */
    'realtimeInspector.openRequest': async (...args: readonly unknown[]) => {
      const [file, name] = ofRow(args)
      const uri = asUri(file)
      if (uri === undefined) await find()
      else await open(uri, name)
    },
  }
}
