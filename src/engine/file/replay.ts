/** Plays a recording: shows its events up to the position of the player. */
import type { PlayedPart } from '../../capture/played-part.ts'
import type { Log } from '../../capture/recording.ts'
import { MAX_SPEED, Player } from '../../session/replay/player.ts'
import type { Timers } from '../../session/replay/timers.ts'
import type { ReplayCommand } from '../../shared/protocol.ts'
import type { ReplaySpeed, ReplayStatus } from '../../shared/status.ts'
import type { Reading } from '../reading.ts'

/** Hears which events are shown, and what the player does. */
type ReplayHost = Pick<Reading, 'appended' | 'rewound' | 'sendStatus'>

export class Replay {
  readonly #whole: Log
  readonly #shown: PlayedPart
  readonly #host: ReplayHost
  readonly #timers: Timers | undefined
  /** Undefined while the whole recording is shown. */
  #player: Player | undefined
  #speed: ReplaySpeed = 1
  #loop = false

  /** `shown` is the played part of `whole`. */
  constructor(whole: Log, shown: PlayedPart, host: ReplayHost, timers?: Timers) {
    this.#whole = whole
    this.#shown = shown
    this.#host = host
    this.#timers = timers
  }

  get status(): ReplayStatus | undefined {
    const player = this.#player
    if (player === undefined) return undefined
    const { start, end, position, state } = player
    return { start, end, position, speed: this.#speed, playing: state === 'playing', loop: this.#loop }
  }

  /** Carries out a command. The first one, unless it is `stop`, begins at the start of the recording. */
  do(command: ReplayCommand): void {
    switch (command.do) {
      case 'play':
        this.#ensure().play()
        break
      case 'pause':
        this.#ensure().pause()
        break
      case 'step':
        this.#ensure().step()
        break
      case 'seek':
        this.#seek(command.time)
        break
      case 'speed':
        this.#speed = command.speed
        this.#player?.setSpeed(toFactor(command.speed))
        break
      case 'loop':
        this.#loop = command.loop
        if (this.#player !== undefined) this.#player.loop = command.loop
        break
      case 'stop':
        this.dispose()
        this.#shown.limit = Number.POSITIVE_INFINITY
        this.#host.appended()
    }
    this.#host.sendStatus()
  }

  dispose(): void {
    this.#player?.dispose()
    this.#player = undefined
  }

  #ensure(): Player {
    if (this.#player !== undefined) return this.#player
    const player: Player = new Player(
      this.#whole,
      {
        emit: (index) => {
          this.#shown.limit = index + 1
          this.#host.appended()
          return true
        },
        onWritable: (callback) => callback(),
        moved: (index) => this.#show(index),
        changed: () => this.#host.sendStatus(),
      },
      {
        speed: toFactor(this.#speed),
        loop: this.#loop,
        ...(this.#timers === undefined ? {} : { timers: this.#timers }),
      },
    )
    this.#player = player
    this.#show(this.#whole.firstKept)
    return player
  }

  #show(count: number): void {
    const before = this.#shown.count
    this.#shown.limit = count
    if (count < before) this.#host.rewound(count)
    else this.#host.appended()
  }

  #seek(time: number): void {
    const player = this.#ensure()
    player.seek(time)
    // At the end of the recording, every event is shown.
    if (time >= player.end) while (player.step());
  }
}

function toFactor(speed: ReplaySpeed): number {
  return speed === 'max' ? MAX_SPEED : speed
}
