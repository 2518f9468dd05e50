/** Rules that report data that a session has lost or is delaying. They look only at its status. */
import type { Finding } from '../shared/finding.ts'
import type { SessionStatus } from '../shared/status.ts'
import { formatCount, plural } from '../shared/text/quantities.ts'
import { shortUrl } from '../shared/url.ts'
import type { Figures, Rule } from './rule.ts'

type Found = Pick<Finding, 'message' | 'evidence'> & Partial<Pick<Finding, 'severity'>>

/** A rule that looks only at the status of the session. Its findings are warnings by default. */
function statusRule(name: string, find: (status: SessionStatus) => Found | undefined): Rule {
  const findings = ({ status }: Figures): Finding[] => {
    const found = status && find(status)
    return found === undefined ? [] : [{ rule: name, severity: 'warning', ...found }]
  }
  return { name, start: () => ({ findings }) }
}

export const STATUS_RULES: readonly Rule[] = [
  statusRule('disk-failed', ({ disk }) =>
    disk?.failure === undefined ? undefined : { severity: 'error', message: disk.failure, evidence: {} },
  ),
  statusRule('payloads-lost', ({ disk: { lostPayloads = 0 } = {} }) =>
    lostPayloads === 0
      ? undefined
      : {
          message: `${plural(lostPayloads, 'payload')} could not be written to disk and ${lostPayloads === 1 ? 'is' : 'are'} lost.`,
          evidence: { lostPayloads },
        },
  ),
  statusRule('events-dropped', ({ firstKept }) =>
    firstKept === 0
      ? undefined
      : {
          message: `${firstKept === 1 ? 'The oldest event was' : `The ${formatCount(firstKept)} oldest events were`} dropped because the limit on events (maxEvents) was reached.`,
          evidence: { droppedEvents: firstKept },
        },
  ),
  statusRule('payloads-dropped', ({ firstKept, firstPayload }) =>
    firstPayload <= firstKept
      ? undefined
      : {
          message: `${firstPayload === 1 ? 'The payload of the first event was' : `The payloads of the first ${formatCount(firstPayload)} events were`} dropped because the disk limit was reached.`,
          evidence: { firstPayload },
        },
  ),
  statusRule('file-unreadable', ({ file, events }) =>
    file?.failure === undefined || events === 0 ? undefined : { message: file.failure, evidence: { events } },
  ),
  statusRule('file-problems', ({ file }) => {
    if (file === undefined || file.problemCount === 0) return undefined
    const { problems, problemCount } = file
    const more = problemCount - problems.length
    const rest = more > 0 ? ` And ${plural(more, 'more problem')} like these.` : ''
    return { message: `${problems.join(' ')}${rest}`, evidence: { problems: problemCount } }
  }),
  statusRule('reading-paused', ({ connections }) => {
    const urls = connections.filter(({ stalled }) => stalled).map(({ url }) => shortUrl(url))
    if (urls.length === 0) return undefined
    return {
      message: `Reading from ${urls.join(', ')} is paused until the disk catches up.`,
      evidence: { connections: urls.length },
    }
  }),
]
