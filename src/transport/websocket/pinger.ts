/** Sends pings at an interval, so that their pongs show the round trip (RFC 6455 section 5.5.2). */

/** Each ping has its number as its data, so that its pong can be told from the others. */
export class Pinger {
  readonly #timer: NodeJS.Timeout
  #count = 0

  /** `interval` is in milliseconds. `send` returns whether it sends the ping. */
  constructor(interval: number, send: (data: Uint8Array) => boolean) {
    this.#timer = setInterval(() => {
      if (send(Buffer.from(String(this.#count + 1)))) this.#count++
    }, interval)
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
