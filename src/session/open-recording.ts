/** Opens a recorded session: a session file, or a HAR file. */
import { extname } from 'node:path'
import { indexAll, type OpenOptions, type RecordingFile } from './recording-file.ts'
import { SessionFile } from './session-file.ts'

/** Opens a file by its extension: `.har`, else a session file. Rejects with a `Failure` if it is something else. */
export async function openRecording(path: string, options: OpenOptions = {}): Promise<RecordingFile> {
  if (extname(path).toLowerCase() !== '.har') return await SessionFile.open(path, options)
  const { HarFile } = await import('./formats/har/har-file.ts')
  return await HarFile.open(path, options)
}

/** Opens a file and indexes all its events. Rejects with a `Failure`. */
export async function openIndexed(path: string, options: OpenOptions = {}): Promise<RecordingFile> {
  const file = await openRecording(path, options)
  try {
    await indexAll(file)
    return file
  } catch (thrown) {
    file.close()
    throw thrown
  }
}
