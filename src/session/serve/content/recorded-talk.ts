/** What a recorded client asked, and what its peer said because of it. */
import { setImmediate } from 'node:timers/promises'
import { addTo } from '../../../shared/maps.ts'
import { contentKey } from '../../packets/content-key.ts'
import type { RecordedPacket, RecordedPackets } from '../../packets/recorded-packets.ts'
import { Causes } from './causes.ts'
import type { Exchange } from './exchange.ts'

/** Packets looked at before the thread is released. */
const STEP = 512

export class RecordedTalk {
  readonly recorded: RecordedPackets
  readonly #exchanges: Exchange[] = []
  readonly #heartbeats: RecordedPacket[] = []
  /** What the peer said before the client in each attempt. */
  readonly #preludes = new Map<number, RecordedPacket[]>()
  readonly #byKey = new Map<string, Exchange[]>()

  private constructor(recorded: RecordedPackets) {
    this.recorded = recorded
  }

  static async of(recorded: RecordedPackets): Promise<RecordedTalk> {
    const talk = new RecordedTalk(recorded)
    const causes = new Causes()
    let attempt = 0
    for (const [number, each] of recorded.packets.entries()) {
      if (number % STEP === STEP - 1) await setImmediate()
      if (each.attempt !== attempt) causes.clear()
      attempt = each.attempt
      talk.#add(each, causes)
    }
    return talk
  }

  get exchanges(): readonly Exchange[] {
    return this.#exchanges
  }

  /** Heartbeats that the peer sent by itself. */
  get heartbeats(): readonly RecordedPacket[] {
    return this.#heartbeats
  }

  preludeOf(attempt: number): readonly RecordedPacket[] {
    return this.#preludes.get(attempt) ?? []
  }

  /** The exchanges whose requests say the same, in order. */
  withKey(key: string): readonly Exchange[] {
    return this.#byKey.get(key) ?? []
  }

  #add(each: RecordedPacket, causes: Causes): void {
    if (each.packet.direction === 'out') {
      const exchange: Exchange = { request: each, key: contentKey(each.packet), replies: [] }
      this.#exchanges.push(exchange)
      addTo(this.#byKey, exchange.key, exchange)
      causes.add(exchange)
      return
    }
    const answered = causes.answeredBy(each)
    if (answered === undefined && each.isHeartbeat) {
      this.#heartbeats.push(each)
      return
    }
    const cause = answered ?? causes.causeOf(each)
    if (cause === undefined) addTo(this.#preludes, each.attempt, each)
    else cause.replies.push(each)
  }
}
