/** Drives a connection of the terminal that sends a message at an interval, over all its reconnects. */
import { KeepAlive } from '../../engine/keep-alive.ts'
import { Outbound } from '../../engine/outbound.ts'
import type { Variables } from '../../shared/compose/template.ts'
import type { KeepAliveMessage } from '../../shared/protocol/rules.ts'
import { isReady } from '../../shared/status.ts'
import { printNotice } from '../standard-error.ts'
import type { Connection, Driver } from './driver.ts'

export class KeepAliveDriver implements Driver {
  readonly #keepAlive: KeepAliveMessage
  readonly #variables: () => Variables
  #running: KeepAlive | undefined
  /** The sentence that was printed last. */
  #printed: string | undefined

  /** `variables` returns those of the connection. */
  constructor(keepAlive: KeepAliveMessage, variables: () => Variables) {
    this.#keepAlive = keepAlive
    this.#variables = variables
  }

  update(connection: Connection): void {
    if (this.#running !== undefined) return
    const { message, interval } = this.#keepAlive
    const compose = new Outbound().prepare(message, this.#variables)
    this.#running = new KeepAlive({
      shown: { text: message.text },
      interval,
      // The first update may come before the connection opens, or after.
      waits: true,
      isReady: () => isReady(connection.status()),
      send: () => connection.send({ ...compose(), automatic: 'keep-alive' }),
      changed: () => this.#report(),
    })
  }

  stop(): void {
    this.#running?.stop()
  }

  /** Prints once why a message was not sent. */
  #report(): void {
    const problem = this.#running?.status.problem
    if (problem === undefined || problem === this.#printed) return
    this.#printed = problem
    printNotice(`A keep-alive message was not sent. ${problem}`)
  }
}
