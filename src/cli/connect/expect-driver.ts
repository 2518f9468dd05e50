/** Judges what is expected of a connection of the terminal. */
import { decodersWith } from '../../decode/decoders.ts'
import { Expectations } from '../../engine/expect/expectations.ts'
import { REAL_TIMERS } from '../../session/replay/timers.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { failureSentence } from '../../shared/expectation.ts'
import { Failure } from '../../shared/failure.ts'
import { UsageError } from '../command-line.ts'
import type { ConnectPlan } from './connect-plan.ts'
import type { Driver } from './driver.ts'

export class ExpectDriver implements Driver {
  /** Resolves once everything is decided. */
  readonly decided: Promise<void>
  readonly #expectations: Expectations

  /** Rejects with a `UsageError` if an expectation is not valid. */
  static async prepare({
    expectations: texts,
    dialects,
  }: Pick<ConnectPlan, 'expectations' | 'dialects'>): Promise<ExpectDriver> {
    let resolve = (): void => {}
    const decided = new Promise<void>((settle) => {
      resolve = settle
    })
    try {
      const expectations = await Expectations.prepare(texts, {
        decoders: decodersWith(dialects),
        timers: REAL_TIMERS,
        changed: () => expectations.isDecided && resolve(),
      })
      return new ExpectDriver(expectations, decided)
    } catch (thrown) {
      throw thrown instanceof Failure ? new UsageError(thrown.message) : thrown
    }
  }

  private constructor(expectations: Expectations, decided: Promise<void>) {
    this.#expectations = expectations
    this.decided = decided
  }

  update(): void {}

  appended(event: RealtimeEvent): void {
    this.#expectations.appended(event)
  }

  async judge(): Promise<readonly Failure[]> {
    await this.#expectations.ended()
    return this.#expectations.status
      .filter(({ state }) => state !== 'held')
      .map((status) => new Failure('EXPECTATION', failureSentence(status)))
  }

  stop(): void {
    this.#expectations.stop()
  }
}
