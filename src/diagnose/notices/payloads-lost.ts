/** Payloads are lost because writing to the disk failed. */
import { plural } from '../../shared/text/quantities.ts'
import { statusNotice } from './status-notice.ts'

export const payloadsLost = statusNotice('payloads-lost', ({ disk: { lostPayloads = 0 } = {} }) =>
  lostPayloads === 0
    ? undefined
    : {
        message: `${plural(lostPayloads, 'payload')} could not be written to disk and ${lostPayloads === 1 ? 'is' : 'are'} lost.`,
        evidence: { lostPayloads },
      },
)
