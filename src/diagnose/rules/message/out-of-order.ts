/** Values of a counter came after higher ones. */
import { formatCount, plural } from '../../../shared/text/quantities.ts'
import { MAX_EVENTS } from '../latest.ts'
import { sequenceRule } from './sequence-rule.ts'

export const outOfOrder = sequenceRule({
  name: 'out-of-order',
  about: 'Values of a counter in the messages that came after higher ones',
  severity: 'warning',
  counts: 'Values that came late',
  find({ late, lates }, name, on) {
    const [first] = lates
    const last = lates.at(-1)
    if (first === undefined || last === undefined) return undefined
    return {
      count: late,
      from: first.before.time,
      to: last.after.time,
      events: lates.flatMap(({ before, after }) => [before.number, after.number]).slice(0, MAX_EVENTS),
      title: `${plural(late, 'message')} came out of order`,
      message: `The counter ${name} on ${on} had ${plural(late, 'value')} after a higher one: ${formatCount(first.after.value)} came after ${formatCount(first.before.value)}. A connection keeps its order, so they were sent like this.`,
      advice: `Send from one queue for each client: messages that several workers or servers send overtake each other. Or let the client sort by ${name}.`,
      evidence: { late, value: first.after.value, after: first.before.value },
      wrong: lates.map(({ after }) => after),
    }
  },
})
