/** An example of requests to start from: three of them, two environments and a secret. It runs against the demo. */
import * as vscode from 'vscode'
import { ENVIRONMENT_FILE } from '../../request/variables/environments.ts'
import { Failure } from '../../shared/failure.ts'
import type { Demo } from '../connect/demo.ts'
import type { Environments } from './environments.ts'

export interface ExampleOptions {
  readonly demo: Demo
  readonly environments: Environments
}

const REQUESTS = 'requests.http'
/** The environment of the demo, which is chosen. */
const DEMO = 'demo'

/** Writes the example into the workspace, starts the demo for it, and shows it. Files that exist stay as they are. */
export async function createExample({ demo, environments }: ExampleOptions): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri
  if (folder === undefined)
    throw new Failure('NO_FOLDER', vscode.l10n.t('The example needs a folder. Open a folder and try again.'))
  const host = await demo.serve()
  await write(vscode.Uri.joinPath(folder, ENVIRONMENT_FILE), exampleEnvironments(host))
  const file = vscode.Uri.joinPath(folder, REQUESTS)
  await write(file, exampleRequests())
  await environments.choose(DEMO)
  await vscode.window.showTextDocument(file, { preview: false })
  return file
}

async function write(uri: vscode.Uri, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit()
  edit.createFile(uri, { ignoreIfExists: true, contents: new TextEncoder().encode(text) })
  if (await vscode.workspace.applyEdit(edit)) return
  throw new Failure(
    'NOT_WRITTEN',
    vscode.l10n.t('{0} was not written. Is the folder read-only?', vscode.workspace.asRelativePath(uri)),
  )
}

function exampleEnvironments(host: string): string {
  const environments = {
    [DEMO]: { ws: `ws://${host}`, http: `http://${host}` },
    production: { ws: 'wss://example.com', http: 'https://example.com' },
  }
  return `${JSON.stringify(environments, undefined, 2)}\n`
}

function exampleRequests(): string {
  const about = [
    vscode.l10n.t('Press Connect above a request to run it. Its events appear in the panel.'),
    vscode.l10n.t(
      '{0} and {1} come from the environment in the status bar: see {2}.',
      '{{ws}}',
      '{{http}}',
      ENVIRONMENT_FILE,
    ),
    vscode.l10n.t(
      '{0} is a secret: you are asked for it once, and it is not in any file. The demo accepts any text.',
      'API_TOKEN',
    ),
  ]
  return `${about.map((line) => `# ${line}`).join('\n')}

### Prices
# @name prices
# @max-messages 40
WEBSOCKET {{ws}}/ticker
Authorization: Bearer {{$secret API_TOKEN}}

{ "op": "subscribe", "channel": "orders" }
=== wait-for-server
# @message stop
{ "op": "unsubscribe", "channel": "orders" }

### Events
# @name events
# @duration 5
SSE {{http}}/events
Authorization: Bearer {{$secret API_TOKEN}}

### Status
# @name status
# @option interval 1000
# @max-messages 2
POLL {{http}}/status
`
}
