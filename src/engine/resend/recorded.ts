/** A recording opened to be sent from: its messages stay on the disk until each is sent. */
import type { Log } from '../../capture/log.ts'
import type { RecordingFile } from '../../shared/protocol/resending.ts'
import type { EngineSettings } from '../../shared/protocol.ts'
import { load } from '../file/load.ts'

/** Lends the whole recording for as long as `use` takes. Rejects with a `Failure` where it cannot be read. */
export async function withRecording<T>(
  { file, directory }: RecordingFile,
  settings: EngineSettings,
  use: (log: Log, problems: readonly string[]) => T | Promise<T>,
): Promise<T> {
  const loaded = await load(file, { directory, settings, progressed: () => {} })
  try {
    await loaded.whole
    return await use(loaded.log, loaded.problems)
  } finally {
    loaded.close()
  }
}
