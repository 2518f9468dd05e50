/** Payloads of events that are still listed were dropped at the disk limit. */
import { formatCount } from '../../shared/text/quantities.ts'
import { statusNotice } from './status-notice.ts'

export const payloadsDropped = statusNotice('payloads-dropped', ({ firstKept, firstPayload }) =>
  firstPayload <= firstKept
    ? undefined
    : {
        message: `${firstPayload === 1 ? 'The payload of the first event was' : `The payloads of the first ${formatCount(firstPayload)} events were`} dropped because the disk limit was reached.`,
        evidence: { firstPayload },
      },
)
