/** Runs one connection until it ends and every output is written. */
import type { Hub } from '../../engine/hub.ts'
import { MessageLimits } from '../../engine/message-limits.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { ConnectPlan } from './connect-plan.ts'
import { type Connection, type Driver, MessageSender } from './driver.ts'
import { type Ending, endingOf, type LiveRun, runLive } from './run-live.ts'

/**
 * `drivers` use the connection beside the sender of its messages. Resolves with the exit code once every output is written.
 * Rejects with a `Failure` if an output cannot be opened.
 */
export async function runConnection(plan: ConnectPlan, drivers: readonly Driver[] = []): Promise<number> {
  return await runLive(plan, new OneConnection(plan, drivers))
}

class OneConnection implements LiveRun {
  readonly limits: MessageLimits | undefined
  readonly #plan: ConnectPlan
  readonly #drivers: Driver[]
  #connection: Connection | undefined
  #hasEnded = false
  /** What the driver ended it for. */
  #failed: { readonly thrown: unknown } | undefined

  constructor(plan: ConnectPlan, drivers: readonly Driver[]) {
    this.#plan = plan
    this.limits = plan.maxMessages === undefined ? undefined : new MessageLimits()
    this.#drivers = [...drivers]
  }

  async run(hub: Hub): Promise<Ending> {
    const sender = new MessageSender(this.#plan, (thrown) => {
      if (!this.#hasEnded) this.#failed = { thrown }
      this.end()
    })
    this.#drivers.push(sender)
    const { request, maxMessages } = this.#plan
    for (const driver of this.#drivers) driver.starting?.(hub)
    this.#connection = hub.connect(request.spec)
    if (maxMessages !== undefined) this.limits?.set(this.#connection.id, maxMessages, () => this.end())
    // Something may have ended it before it started.
    if (this.#hasEnded) this.end()
    this.#endOnceDecided()
    const { end, reason } = await this.#connection.done
    const failure = this.#hasEnded || end === 'done' ? undefined : new Failure('CONNECTION', reason)
    const judged = await Promise.all(this.#drivers.map((driver) => driver.judge?.() ?? []))
    for (const driver of this.#drivers) driver.stop()
    if (this.#failed !== undefined) return endingOf([this.#failed.thrown])
    return endingOf([...(failure === undefined ? [] : [failure]), ...judged.flat()])
  }

  /** Ends it once everything that is expected is decided, unless a limit says when it ends. */
  #endOnceDecided(): void {
    const { maxMessages, duration } = this.#plan
    if (maxMessages !== undefined || duration !== undefined) return
    for (const { decided } of this.#drivers) void decided?.then(() => this.end())
  }

  end(): void {
    this.#hasEnded = true
    // Not from within a callback of the socket.
    queueMicrotask(() => void this.#connection?.disconnect())
  }

  update(connection: Connection): void {
    for (const driver of this.#drivers) driver.update(connection)
  }

  arriving(event: RealtimeEvent): void {
    for (const driver of this.#drivers) driver.arriving?.(event)
  }

  appended(event: RealtimeEvent): void {
    for (const driver of this.#drivers) driver.appended?.(event)
  }
}
