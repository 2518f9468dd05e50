/**
 * The endpoint of the DevTools protocol that VS Code's JavaScript debugger shares with extensions, for one of its sessions:
 * `extension.js-debug.requestCDPProxy`, see the source of https://github.com/microsoft/vscode-js-debug.
 */
import * as v from 'valibot'
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'

const REQUEST = 'extension.js-debug.requestCDPProxy'
const shared = v.looseObject({
  host: v.string(),
  port: v.pipe(v.number(), v.integer()),
  path: v.optional(v.string(), ''),
})

/** Whether a session debugs one page, process or worker. Others only group these, and never answer a request for an endpoint. */
export function hasOwnTarget({ configuration }: vscode.DebugSession): boolean {
  return '__pendingTargetId' in configuration
}

/** Rejects with `NOT_SHARED` if the session has none. */
export async function sharedEndpoint({ id, name }: vscode.DebugSession): Promise<string> {
  // A session that starts is known to the debugger only after all extensions have heard of it.
  await Promise.resolve()
  const answer = await vscode.commands.executeCommand(REQUEST, id).then(
    (answered) => answered,
    () => undefined,
  )
  const parsed = v.safeParse(shared, answer)
  if (!parsed.success)
    throw new Failure(
      'NOT_SHARED',
      vscode.l10n.t(
        'The debugger does not share the traffic of {0}. Start the program again, and inspect it while it runs.',
        name,
      ),
    )
  const { host, port, path } = parsed.output
  return `ws://${host.includes(':') ? `[${host}]` : host}:${port}${path}`
}
