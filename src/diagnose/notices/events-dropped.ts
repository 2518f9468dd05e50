/** The oldest events were dropped at the limit on events. */
import { formatCount } from '../../shared/text/quantities.ts'
import { statusNotice } from './status-notice.ts'

export const eventsDropped = statusNotice('events-dropped', ({ firstKept }) =>
  firstKept === 0
    ? undefined
    : {
        message: `${firstKept === 1 ? 'The oldest event was' : `The ${formatCount(firstKept)} oldest events were`} dropped because the limit on events (maxEvents) was reached.`,
        evidence: { droppedEvents: firstKept },
      },
)
