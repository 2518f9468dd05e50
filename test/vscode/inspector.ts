/** Access to the extension for suites in the extension host. */
import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import type { RealtimeInspectorApi } from '../../src/vscode/api.ts'

export const ID = 'realtime-inspector.realtime-inspector'
/** Milliseconds between two calls of `find`. */
const LOOK = 20

export async function activated(): Promise<RealtimeInspectorApi> {
  const extension = vscode.extensions.getExtension<RealtimeInspectorApi>(ID)
  assert.ok(extension, `${ID} is not installed`)
  return await extension.activate()
}

/** Runs a command of the extension. */
export function run(name: string, ...args: readonly unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand(`realtimeInspector.${name}`, ...args)
}

/** Calls `find` again and again, and resolves to its first result that is neither undefined nor false. */
export async function until<T>(find: () => T | Promise<T>): Promise<Exclude<T, undefined | false>> {
  for (;;) {
    const found = await find()
    if (found !== undefined && found !== false) return found as Exclude<T, undefined | false>
    await new Promise((resolve) => setTimeout(resolve, LOOK))
  }
}

/** Whether files can be searched. The oldest VS Code may be installed without the program that does it. */
export async function canSearchFiles(): Promise<boolean> {
  return await vscode.workspace.findFiles('**/*.http', undefined, 1).then(
    () => true,
    () => false,
  )
}
