/** Opens a recording of a sub-protocol in an engine. */
import { resolve } from 'node:path'
import { FileEngine } from '../../../src/engine/file/file-engine.ts'
import type { EngineNotifications } from '../../../src/shared/protocol/notifications.ts'
import type { EventPreview } from '../../../src/shared/protocol.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { SETTINGS } from '../file/opened-file.ts'

export const FOLDER = resolve(import.meta.dirname, '../../fixtures/recordings')

export class DecodedFile {
  readonly engine: FileEngine
  readonly news: EngineNotifications['decoded'][]

  private constructor(engine: FileEngine, news: EngineNotifications['decoded'][]) {
    this.engine = engine
    this.news = news
  }

  static async open(name: string): Promise<DecodedFile> {
    const news: EngineNotifications['decoded'][] = []
    const engine = await FileEngine.open({
      file: resolve(FOLDER, name),
      directory: `${tempDir()}/spool`,
      settings: SETTINGS,
      notify: (name, data) => {
        if (name === 'decoded') news.push(data as EngineNotifications['decoded'])
      },
    })
    return new DecodedFile(engine, news)
  }

  get call() {
    return this.engine.handlers
  }

  /** Waits for a notification. */
  async toldOf(isWanted: (news: EngineNotifications['decoded']) => boolean): Promise<void> {
    while (!this.news.some(isWanted)) await new Promise((done) => setTimeout(done, 10))
  }

  /** The previews of all events, asked for again until `isDone`. */
  async previews(isDone: (previews: readonly EventPreview[]) => boolean): Promise<readonly EventPreview[]> {
    for (;;) {
      const indexes = Array.from({ length: this.engine.status().events }, (_, index) => index)
      const previews = await this.call.previews({ indexes })
      if (isDone(previews)) return previews
      await new Promise((done) => setTimeout(done, 10))
    }
  }
}

/** Everything has been decoded. */
export const areDecoded = (previews: readonly EventPreview[]): boolean =>
  previews.length > 0 && previews.every(({ isPending, decoded }) => isPending !== true || decoded?.unanswered)
