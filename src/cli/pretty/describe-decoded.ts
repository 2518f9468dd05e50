/** Says in a few words what a message says in the protocol that it speaks. */
import type { DecodedEvent } from '../../shared/decoded.ts'
import { timeSpan } from '../../shared/text/quantities.ts'

/** Packets of a message that are named. */
const MAX_NAMED = 3
/** In this protocol, only the name of a message is known. */
const UNTYPED = 'json'

/** Such as `ack sum 40 ms`. Empty if nothing is known. Names are unchanged, so the text is not safe for a terminal. */
export function decodedText(events: readonly DecodedEvent[]): string {
  const named = events.slice(0, MAX_NAMED).map(phrase)
  const more = events.length - named.length
  return [...named.filter((each) => each !== ''), ...(more > 0 ? [`${more} more`] : [])].join(', ')
}

/** Whether the message only keeps the connection alive. */
export function isHeartbeat(events: readonly DecodedEvent[]): boolean {
  return events.length > 0 && events.every(({ kind }) => kind === 'heartbeat')
}

function phrase({ protocol, kind, name, latency }: DecodedEvent): string {
  const words = [
    protocol === UNTYPED ? undefined : kind,
    name === kind ? undefined : name,
    latency === undefined ? undefined : timeSpan(latency),
  ]
  return words.filter((word) => word !== undefined && word !== '').join(' ')
}
