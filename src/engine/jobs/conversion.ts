/** Converts recordings, one after the other. */
import { openRecording } from '../../session/open-recording.ts'
import { writeRecording } from '../../session/write-recording.ts'
import type { JobMethods } from '../../shared/protocol/jobs.ts'

type Convert = JobMethods['convert']

export class Conversion {
  readonly #abort = new AbortController()

  /** Rejects with a `Failure`, such as `CANCELLED` after `stop`. */
  async run({ from, path, ...options }: Convert['params']): Promise<Convert['result']> {
    const recording = await openRecording(from)
    try {
      return await writeRecording(recording, path, { ...options, signal: this.#abort.signal })
    } finally {
      recording.close()
    }
  }

  stop(): void {
    this.#abort.abort()
  }
}
