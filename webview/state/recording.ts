/** The recording that the page shows, and how it is played. */
import type { ReplayCommand } from '../../src/shared/protocol.ts'
import type { FileStatus, ReplayStatus } from '../../src/shared/status.ts'
import { LatestOnly } from './latest-only.ts'
import type { SessionStore } from './session.ts'

export class RecordingStore {
  readonly #session: SessionStore
  readonly #send: (command: ReplayCommand) => Promise<unknown>
  readonly #seeking = new LatestOnly()

  constructor(session: SessionStore, send: (command: ReplayCommand) => Promise<unknown>) {
    this.#session = session
    this.#send = send
  }

  /** Undefined if the session is not a recording, or not known yet. */
  get file(): FileStatus | undefined {
    return this.#session.status.value?.file
  }

  /** Undefined while the whole recording is shown. */
  get replay(): ReplayStatus | undefined {
    return this.file?.replay
  }

  /** Plays or pauses. */
  toggle(): void {
    this.do({ do: this.replay?.playing === true ? 'pause' : 'play' })
  }

  do(command: ReplayCommand): void {
    void this.#send(command)
  }

  /** Goes to a session time. While the user drags, one call runs at a time, and only the latest time waits. */
  seek(time: number): void {
    this.#seeking.run(() => this.#send({ do: 'seek', time: Math.max(0, time) }))
  }
}

/** Handles a key. Returns whether the key does something in a recording. */
export function onReplayKey(recording: RecordingStore, key: string): boolean {
  if (key === ' ' || key === 'k') recording.toggle()
  else if (key === '.') recording.do({ do: 'step' })
  else return false
  return true
}
