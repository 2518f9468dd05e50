/** WebSockets that one side closes with a code that says what went wrong. */
import { CLOSE_CODES } from '../../../shared/close-codes.ts'
import type { EndedBy } from '../../../shared/event.ts'
import type { Severity } from '../../../shared/finding.ts'
import { getOrMake } from '../../../shared/maps.ts'
import { plural } from '../../../shared/text/quantities.ts'
import { shortened } from '../../../shared/text/shortened.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { MAX_EVENTS } from '../latest.ts'

/** Characters of the reason in a sentence. */
const MAX_REASON = 100

/** What to do about a code. Codes that end a connection as planned, and those of applications, are not here. */
const ADVICE: Readonly<Record<number, { readonly severity: Severity; readonly advice: string }>> = {
  1002: {
    severity: 'error',
    advice:
      'Check the frames that came before: the side that closed could not accept them. A proxy that is not made for WebSockets can damage them.',
  },
  1003: {
    severity: 'error',
    advice: 'Send the type of message that the other side takes: text rather than binary, or the reverse.',
  },
  1007: {
    severity: 'error',
    advice: 'Send only valid UTF-8 in text messages, and other bytes as binary messages.',
  },
  1008: {
    severity: 'error',
    advice:
      'Check what the server allows: the token, the origin, the rate and the subscriptions of this client.',
  },
  1009: {
    severity: 'error',
    advice: 'Raise the limit on the size of messages of the side that closed, or split large messages.',
  },
  1010: {
    severity: 'error',
    advice: 'Let the server agree to the extensions that the client needs.',
  },
  1011: {
    severity: 'error',
    advice: 'Look for the exception in the logs of the server at that time.',
  },
  1012: {
    severity: 'warning',
    advice:
      'Connect again after a delay that grows and is random, so that not all clients come back at once.',
  },
  1013: {
    severity: 'warning',
    advice: 'Wait before the next attempt: the server has too much to do. Let the delay grow.',
  },
  1014: {
    severity: 'error',
    advice: 'Check the server behind the gateway: its answer was not valid.',
  },
  3000: { severity: 'error', advice: 'Connect with a valid token. It may have expired meanwhile.' },
  3003: { severity: 'error', advice: 'Check the permissions of the account that the token belongs to.' },
  3008: {
    severity: 'warning',
    advice: 'Answer in time: the side that closed waited for something that did not come.',
  },
}

interface Closes {
  readonly code: number
  readonly by: EndedBy | undefined
  readonly from: number
  readonly numbers: number[]
  count: number
  to: number
  reason: string
}

class CloseCodes implements RuleRun {
  readonly #connection: ObservedConnection
  readonly #closes = new Map<string, Closes>()

  constructor(connection: ObservedConnection) {
    this.#connection = connection
  }

  add({ full, number, time }: RuleEvent): void {
    if (full.type !== 'close' || full.code === undefined || ADVICE[full.code] === undefined) return
    const { code, by, reason = '' } = full
    const key = `${code} ${by}`
    const make = (): Closes => ({ code, by, from: time, numbers: [], count: 0, to: time, reason })
    const closes = getOrMake(this.#closes, key, make)
    closes.count++
    closes.to = time
    closes.reason ||= reason
    if (closes.numbers.length < MAX_EVENTS) closes.numbers.push(number + 1)
  }

  findings(): Found[] {
    return [...this.#closes.values()].flatMap((closes) => this.#found(closes))
  }

  #found({ code, by, from, to, count, numbers, reason }: Closes): Found[] {
    const { severity, advice } = ADVICE[code] ?? {}
    if (severity === undefined || advice === undefined) return []
    const who = by === undefined ? 'One side' : `The ${by}`
    const named = `${code} (${CLOSE_CODES[code]?.meaning ?? 'unknown'})`
    const why = reason === '' ? '' : `, and gave the reason “${shortened(reason, MAX_REASON)}”`
    const often = count === 1 ? '' : ` ${plural(count, 'time')}`
    return [
      {
        ...{ severity, from, to, advice },
        events: [...numbers],
        title: `Closed with ${named}${often}`,
        message: `${who} closed the WebSocket to ${this.#connection.name} with ${named}${often}${why}.`,
        evidence: { code, closes: count, ...(by !== undefined && { by }), ...(reason !== '' && { reason }) },
      },
    ]
  }
}

export const closeCode = connectionRule({
  name: 'close-code',
  about: 'WebSockets that are closed with a code that tells of a fault',
  takes: ['close'],
  transports: ['websocket'],
  source: {
    title: 'RFC 6455, section 7.4.1, and IANA’s registry of close codes',
    url: 'https://www.iana.org/assignments/websocket/websocket.xhtml#close-code-number',
  },
  start: (connection) => new CloseCodes(connection),
})
