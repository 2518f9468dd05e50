/** WebSockets that end without a close frame: the other side is gone, or something in between cut them. */
import type { FindingChart } from '../../../shared/finding-chart.ts'
import { plural, timeSpan } from '../../../shared/text/quantities.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { MAX_EVENTS } from '../latest.ts'

/** What stands for the end without a close frame (RFC 6455, section 7.1.5). */
const ABNORMAL = 1006
/** Milliseconds after a message of the client in which an end is likely due to it. */
const JUST = 1000

class Cuts implements RuleRun {
  readonly #connection: ObservedConnection
  readonly #cuts: { readonly number: number; readonly time: number }[] = []
  #count = 0
  #closes = 0
  #from = 0
  #to = 0
  /** Cuts that do not follow what the client has just sent. */
  #unprovoked = 0
  /** Milliseconds from the last message to the end, if the client sent it. Of the latest cut. */
  #sentBefore: number | undefined

  constructor(connection: ObservedConnection) {
    this.#connection = connection
  }

  add({ full, number, time }: RuleEvent): void {
    if (full.type !== 'close' || full.code === undefined) return
    this.#closes++
    if (full.code !== ABNORMAL || full.by === 'client') return
    if (this.#count === 0) this.#from = time
    this.#to = time
    this.#count++
    const { silent, silentIn } = this.#connection.ending ?? { silent: 0, silentIn: 0 }
    this.#sentBefore = silent < silentIn ? silent : undefined
    if (silent >= silentIn || silent > JUST) this.#unprovoked++
    if (this.#cuts.length < MAX_EVENTS) this.#cuts.push({ number, time })
  }

  findings(): Found[] {
    const count = this.#count
    if (count === 0) return []
    const ended = count === 1 ? 'ended' : `ended ${plural(count, 'time')}`
    const sentBefore = this.#sentBefore
    const after =
      sentBefore === undefined
        ? ''
        : ` The client had sent something ${timeSpan(sentBefore)} before: a goodbye of its protocol, or what made the server fail.`
    const chart: FindingChart = {
      kind: 'times',
      points: this.#cuts.map(({ time }) => ({ time, tone: 'wrong' })),
    }
    return [
      {
        // Many protocols say goodbye with a message of their own, and the server then ends the TCP connection.
        severity: this.#unprovoked === 0 ? 'info' : 'warning',
        from: this.#from,
        to: this.#to,
        events: this.#cuts.map(({ number }) => number + 1),
        title: count === 1 ? 'Ended without a close frame' : `${count} ends without a close frame`,
        message: `The WebSocket to ${this.#connection.name} ${ended} without a close frame (1006, abnormal closure): the process of the server or the network is gone, or a proxy cut it.${after}`,
        advice:
          'Look for a crash, a restart or a timeout at that time in the logs of the server and of each proxy. A server that stops should close its WebSockets with 1001 first.',
        evidence: {
          withoutCloseFrame: count,
          ends: this.#closes,
          ...(sentBefore !== undefined && { sentBefore: Math.round(sentBefore) }),
        },
        chart,
      },
    ]
  }
}

export const noCloseFrame = connectionRule({
  name: 'no-close-frame',
  about: 'WebSockets that end without a close frame',
  takes: ['close'],
  transports: ['websocket'],
  source: {
    title: 'RFC 6455, section 7.1.5 (1006)',
    url: 'https://www.rfc-editor.org/rfc/rfc6455#section-7.1.5',
  },
  start: (connection) => new Cuts(connection),
})
