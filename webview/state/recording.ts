/** The recording that is shown, and what can be done with it. */
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

  /** Undefined where the session is no recording, or nothing is known of it yet. */
  get file(): FileStatus | undefined {
    return this.#session.status.value?.file
  }

  /** Undefined while all of it is shown. */
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

  /** Shows all of it again. */
  stop(): void {
    this.#do({ do: 'stop' })
  }

  setSpeed(speed: ReplayStatus['speed']): void {
    this.#do({ do: 'speed', speed })
  }

  setLoop(loop: boolean): void {
    this.#do({ do: 'loop', loop })
  }

  /** Goes to a session time, as often as it changes while it is dragged: one at a time, the latest. */
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

/** Whether the key meant something to a recording. */
export function onReplayKey(recording: RecordingStore, key: string): boolean {
  if (key === ' ' || key === 'k') recording.toggle()
  else if (key === '.') recording.step()
  else return false
  return true
}
