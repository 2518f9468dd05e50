/** What the session no longer has or holds back, said in so many words: nothing is dropped silently. */
import type { SessionStatus } from '../../src/shared/status.ts'
import { shortUrl } from '../format/connection.ts'
import { plural } from '../format/count.ts'

export interface Disclosure {
  readonly id: string
  readonly text: string
  /** It is worse than a fact. */
  readonly isError?: boolean
}

export function disclosures(status: SessionStatus): Disclosure[] {
  const facts: Disclosure[] = []
  const { disk } = status
  if (disk?.failure !== undefined) facts.push({ id: 'disk', text: disk.failure, isError: true })
  if (disk !== undefined && disk.lostPayloads > 0)
    facts.push({
      id: 'lost',
      text: `The disk did not take ${plural(disk.lostPayloads, 'payload')}, which ${disk.lostPayloads === 1 ? 'is' : 'are'} lost.`,
    })
  if (status.firstKept > 0)
    facts.push({
      id: 'events',
      text: `The ${plural(status.firstKept, 'oldest event was', 'oldest events were')} dropped.`,
    })
  if (status.firstPayload > status.firstKept)
    facts.push({
      id: 'payloads',
      text: `Payloads of the first ${plural(status.firstPayload, 'event')} were dropped at the spool's bound.`,
    })
  const { file } = status
  if (file?.failure !== undefined && status.events > 0) facts.push({ id: 'failure', text: file.failure })
  if (file !== undefined && file.problemCount > 0) {
    const more = file.problemCount - file.problems.length
    const rest = more > 0 ? ` And ${plural(more, 'more problem')} like these.` : ''
    facts.push({ id: 'problems', text: `${file.problems.join(' ')}${rest}` })
  }
  const stalled = status.connections.filter((connection) => connection.stalled)
  if (stalled.length > 0)
    facts.push({
      id: 'stalled',
      text: `Reading paused on ${stalled.map(({ url }) => shortUrl(url)).join(', ')}: the disk is behind.`,
    })
  return facts
}
