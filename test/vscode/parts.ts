/** Parts of the extension for tests that need them apart from it, in the extension host all the same. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { Notifier } from '../../src/vscode/ui/notifier.ts'
import { ID } from './inspector.ts'

const log = vscode.window.createOutputChannel('Realtime Inspector, under test', { log: true })

/** What parts of the extension are given: its programs, and a folder of the test's own. */
export function surroundings(storage: string) {
  const extension = vscode.extensions.getExtension(ID) ?? assert.fail(`${ID} is not installed`)
  const program = (name: string) => join(extension.extensionPath, 'dist', name)
  return {
    ...{ storage, log, notifier: new Notifier(log) },
    ...{ engine: program('engine.js'), jobs: program('jobs.js'), extensionUri: extension.extensionUri },
  }
}

/** What the editor would keep, for as long as the test goes. */
export function memento(): vscode.Memento {
  const values = new Map<string, unknown>()
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string, otherwise?: T) => (values.get(key) as T) ?? otherwise,
    update: async (key: string, value: unknown) => void values.set(key, value),
  }
}
