/** Values of a counter came again. */
import { formatCount, plural } from '../../../shared/text/quantities.ts'
import { MAX_EVENTS } from '../latest.ts'
import { sequenceRule } from './sequence-rule.ts'

export const duplicate = sequenceRule({
  name: 'duplicate',
  about: 'Values of a counter in the messages that came again',
  severity: 'warning',
  counts: 'Values that came again',
  find({ repeated, repeats }, name, on) {
    const first = repeats[0]?.after
    const last = repeats.at(-1)?.after
    if (first === undefined || last === undefined) return undefined
    const isAllOver = repeats.some(({ isOverReconnect }) => isOverReconnect)
    return {
      count: repeated,
      from: first.time,
      to: last.time,
      events: repeats.slice(0, MAX_EVENTS).map(({ after }) => after.number),
      title: `${plural(repeated, 'message')} came again`,
      message: `The counter ${name} on ${on} had ${plural(repeated, 'value')} that had come before, the first ${formatCount(first.value)}.${isAllOver ? ' Some came after a reconnect, where the server repeats what it sent before.' : ''}`,
      advice: isAllOver
        ? `Let the server resume after the last ${name} that the client names, and let the client leave out values that it has.`
        : `Look for two subscriptions to the same source, or a queue that delivers at least once; let the client leave out values of ${name} that it has.`,
      evidence: { repeated, first: first.value, last: last.value },
      wrong: repeats.map(({ after }) => after),
    }
  },
})
