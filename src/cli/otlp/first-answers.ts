/** The first answers to requests: those of a subscription or of a stream that come later are its messages. */
import type { DecodedEvent } from '../../shared/decoded.ts'

/** Requests that are remembered. */
const MAX_REQUESTS = 10_000

export class FirstAnswers {
  /** Numbers of the requests that were answered, those with the latest answers last. */
  readonly #answered = new Set<number>()

  /** Those of the packets that are the first answer to their request. Heartbeats are none. */
  of(packets: readonly DecodedEvent[]): readonly DecodedEvent[] {
    return packets.filter((packet) => this.#isFirst(packet))
  }

  #isFirst({ answers, kind }: DecodedEvent): boolean {
    if (answers === undefined || kind === 'heartbeat') return false
    const isFirst = !this.#answered.delete(answers)
    this.#answered.add(answers)
    const [oldest] = this.#answered
    if (this.#answered.size > MAX_REQUESTS && oldest !== undefined) this.#answered.delete(oldest)
    return isFirst
  }
}
