/** Makes parts of the extension, for tests in the extension host that need their own. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { Notifier } from '../../src/vscode/ui/notifier.ts'
import { PageFiles } from '../../src/vscode/ui/page-files.ts'
import { ID } from './inspector.ts'

const log = vscode.window.createOutputChannel('Realtime Inspector, under test', { log: true })

/** The options of parts of the extension: its programs, and a folder of the test. */
export function surroundings(storage: string) {
  const extension = vscode.extensions.getExtension(ID) ?? assert.fail(`${ID} is not installed`)
  const program = (name: string) => join(extension.extensionPath, 'dist', name)
  return {
    ...{ storage, log, notifier: new Notifier(log), pages: new PageFiles(program(''), storage) },
    ...{ engine: program('engine.js'), jobs: program('jobs.js'), extensionUri: extension.extensionUri },
  }
}

/** A memento in memory. */
export function memento(): vscode.Memento {
  const values = new Map<string, unknown>()
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string, otherwise?: T) => (values.get(key) as T) ?? otherwise,
    update: async (key: string, value: unknown) => void values.set(key, value),
  }
}
