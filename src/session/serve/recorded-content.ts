/** Everything in a session that is served by what clients say. */
import type { IndexedRecording } from '../../capture/recording.ts'
import { HttpTalks } from './content/http-talks.ts'
import { type ReadTalks, readTalks } from './content/recorded-talks.ts'
import type { RecordedConnection } from './recorded-connection.ts'
import { engineIoSessions } from './sessions/engine-io.ts'
import type { RecordedSession } from './sessions/recorded-sessions.ts'
import { sockJsSessions } from './sessions/sockjs.ts'

export interface RecordedContent extends ReadTalks {
  readonly http: HttpTalks
  readonly engineIo: readonly RecordedSession[]
  readonly sockJs: readonly RecordedSession[]
}

/** Without a source, nothing is served by content. */
export async function readContent(
  source: IndexedRecording | undefined,
  connections: readonly RecordedConnection[],
  only?: number,
): Promise<RecordedContent> {
  const read = source === undefined ? { talks: new Map(), isTooLong: false } : await readTalks(source, only)
  return {
    ...read,
    http: await HttpTalks.of(connections, read.talks),
    engineIo: await engineIoSessions(connections, read.talks),
    sockJs: await sockJsSessions(connections, read.talks),
  }
}
