/** Saves a session in a thread of its own, if that takes long: the engine's thread has to be free for live connections. */
import { rm } from 'node:fs/promises'
import * as vscode from 'vscode'
import { runStoppable } from '../../engine/jobs/client.ts'
import type { ExportFormat, Saved, SavingMethods } from '../../shared/protocol/saving.ts'
import { nameOf } from '../files/file-names.ts'
import { transferPath } from '../files/local-file.ts'
import type { EngineSession } from '../session/engine-session.ts'
import type { Surroundings } from '../ui/surroundings.ts'

interface ThreadOptions extends Pick<Surroundings, 'storage' | 'extensionUri'> {
  readonly session: EngineSession
}

type Written = Omit<SavingMethods['save']['params'], 'path' | 'as' | 'aside'>

/** The formats that take long to write. */
const SLOW: ReadonlySet<ExportFormat | undefined> = new Set(['parquet', 'artillery.yml'])

/** Whether a format is to be written in a thread of its own. */
export function isSlow(as: ExportFormat | undefined): as is ExportFormat {
  return SLOW.has(as)
}

/**
 * Writes the session to the local `path`, through a private session file. Rejects with a `Failure`; with `CANCELLED` after
 * `signal` or `cancelSave`, without a file.
 */
export async function saveInThread(
  { session, storage, extensionUri }: ThreadOptions,
  path: string,
  { as, ...written }: Written & { readonly as: ExportFormat },
  signal: AbortSignal,
): Promise<Saved> {
  const from = await transferPath(storage, '.rtsession')
  try {
    const saved = await session.call('save', { ...written, path: from, aside: true }, 0)
    const script = vscode.Uri.joinPath(extensionUri, 'dist', 'jobs.js').fsPath
    const name = session.uri === undefined ? {} : { name: nameOf(session.uri) }
    const { reveal } = written
    const { undecoded } = await runStoppable(
      script,
      'convert',
      { from, path, format: `.${as}`, reveal, ...name },
      signal,
    )
    return { ...saved, ...(undecoded !== undefined && { undecoded }) }
  } finally {
    await rm(from, { force: true })
  }
}
