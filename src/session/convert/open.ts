/** Opens whatever holds a recorded session: a session file, or a HAR. */
import { extname } from 'node:path'
import { type Recording, sessionRecording } from '../recording.ts'

/** Told by the extension: `.har`, or else a session file. Rejects with a `Failure` where it is not what it says. */
export async function openRecording(path: string): Promise<Recording> {
  if (extname(path).toLowerCase() !== '.har') return sessionRecording(path)
  const { harRecording } = await import('./har/read.ts')
  return harRecording(path)
}
