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

const UNKNOWN = { silent: 0, silentIn: 0, isOnPurpose: false }

const timesOf = (count: number) => (count === 1 ? '' : ` ${plural(count, 'time')}`)

class Cuts implements RuleRun {
  readonly #connection: ObservedConnection
  readonly #cuts: { readonly number: number; readonly time: number }[] = []
  #count = 0
  #closes = 0
  #from = 0
  #to = 0
  /** Cuts that the user asked our proxy for. */
  #onPurpose = 0
  /** Other cuts that do not follow what the client has just sent. */
  #unprovoked = 0
  /** Milliseconds from the last message to the end, if the client sent it. Of the latest cut that was not on purpose. */
  #sentBefore: number | undefined

  constructor(connection: ObservedConnection) {
    this.#connection = connection
  }

  add({ full, number, time }: RuleEvent): void {
    if (full.type !== 'close' || full.code === undefined) return
    this.#closes++
    // The reason does not come from the wire: the proxy or the debugger knows why the connection ended.
    if (full.code !== ABNORMAL || full.by === 'client' || full.reason !== undefined) return
    if (this.#count === 0) this.#from = time
    this.#to = time
    this.#count++
    if (this.#cuts.length < MAX_EVENTS) this.#cuts.push({ number, time })
    const { silent, silentIn, isOnPurpose } = this.#connection.ending ?? UNKNOWN
    if (isOnPurpose) {
      this.#onPurpose++
      return
    }
    this.#sentBefore = silent < silentIn ? silent : undefined
    if (silent >= silentIn || silent > JUST) this.#unprovoked++
  }

  findings(): Found[] {
    const count = this.#count
    if (count === 0) return []
    const others = count - this.#onPurpose
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
        message: [
          `The WebSocket to ${this.#connection.name} ended${timesOf(count)} without a close frame (1006, abnormal closure)`,
          others === 0
            ? ', because our proxy cut it on purpose: neither the server nor the network ended it.'
            : `: the process of the server or the network is gone, or a proxy cut it.${after}`,
          others > 0 && this.#onPurpose > 0 ? ` Our proxy cut it${timesOf(this.#onPurpose)} on purpose.` : '',
        ].join(''),
        advice:
          others === 0
            ? 'See in the events that follow whether the client connects again, and gets what it missed.'
            : 'Look for a crash, a restart or a timeout at that time in the logs of the server and of each proxy. A server that stops should close its WebSockets with 1001 first.',
        evidence: {
          withoutCloseFrame: count,
          ends: this.#closes,
          ...(this.#onPurpose > 0 && { onPurpose: this.#onPurpose }),
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
