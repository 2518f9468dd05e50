/** Which packets of messages with several ask and answer. Heartbeats come last: they are beside what a message says. */
import type { DecodedEvent } from '../../shared/decoded.ts'

/** The packet of a message that answers; one that is not a heartbeat if there is any. */
export function answerIn(events: readonly DecodedEvent[]): DecodedEvent | undefined {
  const answers = events.filter(({ answers }) => answers !== undefined)
  return answers.find(isMore) ?? answers[0]
}

/** Whether a message says more than a packet that is a heartbeat. */
export function isBeside(packet: DecodedEvent, events: readonly DecodedEvent[]): boolean {
  return !isMore(packet) && events.some(isMore)
}

/** The packet of a message that `answer` answers. Undefined if several may be the one. */
export function requestIn(events: readonly DecodedEvent[], answer: DecodedEvent): DecodedEvent | undefined {
  const alike = events.filter((each) => isMore(each) === isMore(answer))
  const sameId = alike.filter(({ id }) => id !== undefined && id === answer.id)
  const sameName = alike.filter(({ name }) => name !== undefined && name === answer.name)
  return [sameId, sameName, alike].find(({ length }) => length === 1)?.[0]
}

function isMore({ kind }: DecodedEvent): boolean {
  return kind !== 'heartbeat'
}
