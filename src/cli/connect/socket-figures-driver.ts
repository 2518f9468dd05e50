/** Prints at the end what the kernel knew last of the connection's socket. */
import { socketFigures } from '../../engine/socket-figures.ts'
import type { SocketAnswer, SocketFigures } from '../../shared/socket-figures.ts'
import { byteCount, plural, preciseSpan } from '../../shared/text/quantities.ts'
import { printNotice } from '../standard-error.ts'
import type { Connection, Driver } from './driver.ts'

/** Milliseconds between readings. A socket that is closed has no figures. */
const INTERVAL = 1000

export class SocketFiguresDriver implements Driver {
  #timer: NodeJS.Timeout | undefined
  #isReading = false
  #latest: SocketAnswer | undefined

  update(connection: Connection): void {
    if (this.#timer !== undefined || connection.status().state !== 'open') return
    this.#timer = setInterval(() => void this.#read(connection), INTERVAL)
    void this.#read(connection)
  }

  stop(): void {
    clearInterval(this.#timer)
    if (this.#latest === undefined)
      printNotice('There are no figures of the socket: it was not open long enough.')
    else if ('figures' in this.#latest) printNotice(`Socket: ${figuresText(this.#latest.figures)}.`)
    else printNotice(`There are no figures of the socket. ${this.#latest.unavailable}`)
  }

  async #read({ socket }: Connection): Promise<void> {
    if (this.#isReading || socket === undefined) return
    this.#isReading = true
    const answer = await socketFigures(socket)
    this.#isReading = false
    // The last figures count, even if the socket was closed meanwhile.
    if (this.#latest === undefined || 'figures' in answer) this.#latest = answer
  }
}

function figuresText(figures: SocketFigures): string {
  const { roundTrip, roundTripDeviation, shortestRoundTrip, retransmissions, congestionWindow } = figures
  return [
    ...(roundTrip === undefined ? [] : [`round trip ${preciseSpan(roundTrip)}`]),
    ...(roundTripDeviation === undefined ? [] : [`deviation ${preciseSpan(roundTripDeviation)}`]),
    ...(shortestRoundTrip === undefined ? [] : [`shortest ${preciseSpan(shortestRoundTrip)}`]),
    ...(retransmissions === undefined ? [] : [plural(retransmissions, 'retransmission')]),
    ...(congestionWindow === undefined ? [] : [`congestion window ${plural(congestionWindow, 'segment')}`]),
    ...(figures.unacknowledged === undefined ? [] : [`${figures.unacknowledged} unacknowledged`]),
    `${byteCount(figures.receiveQueue)} not read`,
    `${byteCount(figures.sendQueue)} not sent`,
  ].join(', ')
}
