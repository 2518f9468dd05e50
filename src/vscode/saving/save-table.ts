/** Saves a session as a table, in a thread of its own: the engine's thread has to be free for live connections. */
import { rm } from 'node:fs/promises'
import * as vscode from 'vscode'
import { runStoppable } from '../../engine/jobs/client.ts'
import type { Saved, SavingMethods } from '../../shared/protocol/saving.ts'
import { nameOf } from '../files/file-names.ts'
import { transferPath } from '../files/local-file.ts'
import type { EngineSession } from '../session/engine-session.ts'
import type { Surroundings } from '../ui/surroundings.ts'

interface TableOptions extends Pick<Surroundings, 'storage' | 'extensionUri'> {
  readonly session: EngineSession
}

type Written = Omit<SavingMethods['save']['params'], 'path' | 'as' | 'aside'>

/**
 * Writes the session to the local `path`, through a private session file. Rejects with a `Failure`; with `CANCELLED` after
 * `signal` or `cancelSave`, without a file.
 */
export async function saveTable(
  { session, storage, extensionUri }: TableOptions,
  path: string,
  written: Written,
  signal: AbortSignal,
): Promise<Saved> {
  const from = await transferPath(storage, '.rtsession')
  try {
    const saved = await session.call('save', { ...written, path: from, aside: true }, 0)
    const script = vscode.Uri.joinPath(extensionUri, 'dist', 'jobs.js').fsPath
    const name = session.uri === undefined ? {} : { name: nameOf(session.uri) }
    const { reveal } = written
    const { undecoded } = await runStoppable(script, 'convert', { from, path, reveal, ...name }, signal)
    return { ...saved, ...(undecoded !== undefined && { undecoded }) }
  } finally {
    await rm(from, { force: true })
  }
}
