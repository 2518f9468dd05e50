/** The recording that the page shows, and how it is played. */
import type { ReplayCommand } from '../../src/shared/protocol.ts'
import type { FileStatus, ReplayStatus } from '../../src/shared/status.ts'
import type { SessionStore } from './session.ts'

export class RecordingStore {
  readonly #session: SessionStore
  readonly #send: (command: ReplayCommand) => Promise<unknown>
  #busy = false
  #next: number | undefined

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
    this.#do({ do: this.replay?.playing === true ? 'pause' : 'play' })
  }

  step(): void {
    this.#do({ do: 'step' })
  }

  /** Shows the whole recording again. */
  stop(): void {
    this.#do({ do: 'stop' })
  }

  setSpeed(speed: ReplayStatus['speed']): void {
    this.#do({ do: 'speed', speed })
  }

  setLoop(loop: boolean): void {
    this.#do({ do: 'loop', loop })
  }

  /** Goes to a session time. While the user drags, one call runs at a time, and only the latest time waits. */
  seek(time: number): void {
    this.#next = Math.max(0, time)
    void this.#drain()
  }

  async #drain(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    while (this.#next !== undefined) {
      const time = this.#next
      this.#next = undefined
      await this.#send({ do: 'seek', time })
    }
    this.#busy = false
  }

  #do(command: ReplayCommand): void {
    void this.#send(command)
  }
}

/** Handles a key. Returns whether the key does something in a recording. */
export function onReplayKey(recording: RecordingStore, key: string): boolean {
  if (key === ' ' || key === 'k') recording.toggle()
  else if (key === '.') recording.step()
  else return false
  return true
}
