/** `realtime_diagnose` */
import * as v from 'valibot'
import { type Finding, SEVERITIES } from '../shared/finding.ts'
import type { FindingList } from '../shared/protocol/findings.ts'
import { maskText } from '../shared/secrets.ts'
import { shortened } from '../shared/text/shortened.ts'
import { CURSOR, connectionField, inputOf, MAX_CHARACTERS, RECORDING } from './inputs.ts'
import { pageOf } from './pages.ts'
import { defineTool } from './tool.ts'

const MAX_FINDINGS = 200
const MAX_EVENTS = 20
const MAX_TEXT = 1000

export const diagnoseTool = defineTool({
  name: 'realtime_diagnose',
  title: 'Diagnose realtime traffic',
  description:
    'Says what is wrong or unwise in the live session or in a recording, by rules: missed heartbeats, reconnect storms, close codes, lost or repeated messages, slow answers, buffering by proxies, and more. Each finding has its severity, the rule, the connection, the numbers of the events that show it, the figures as evidence, what to do, and the standard that says so. Use it before you guess why a connection misbehaves.',
  effect: 'none',
  input: inputOf({
    recording: RECORDING,
    connection: connectionField('Only findings on this connection.'),
    severity: v.optional(
      v.pipe(
        v.picklist(SEVERITIES, `must be one of ${SEVERITIES.join(', ')}`),
        v.description('Only findings that are this severe or worse. Default info: all.'),
      ),
      'info',
    ),
    cursor: CURSOR,
    maxCharacters: MAX_CHARACTERS,
  }),
  async run({ recording, connection, severity, cursor, maxCharacters }, host) {
    const list =
      recording === undefined
        ? await host.live.findings()
        : await host.read(recording, async (session) => await session.findings())
    const wanted = SEVERITIES.slice(0, SEVERITIES.indexOf(severity) + 1)
    const chosen = list.findings.filter(
      (finding) =>
        wanted.includes(finding.severity) && (connection === undefined || finding.connection === connection),
    )
    const page = pageOf(chosen.map(describeFinding), { cursor, max: MAX_FINDINGS, maxCharacters })
    return { findings: page.items, next: page.next, total: page.total, ...limitsOf(list) }
  },
})

/** A finding as a model reads it. */
export function describeFinding({
  rule,
  severity,
  connection,
  from,
  to,
  events,
  title,
  message,
  advice,
  ...more
}: Finding) {
  const { evidence, source, confidence } = more
  const text = (given: string) => shortened(maskText(given), MAX_TEXT)
  return {
    ...{ rule, severity },
    ...(connection !== undefined && { connection }),
    ...(from !== undefined && { from, to: to ?? from }),
    ...(events !== undefined && { events: events.slice(0, MAX_EVENTS), eventCount: events.length }),
    ...(title !== undefined && { title: text(title) }),
    message: text(message),
    ...(advice !== undefined && { advice: text(advice) }),
    evidence: Object.fromEntries(
      Object.entries(evidence).map(([name, value]) => [
        name,
        typeof value === 'string' ? text(value) : value,
      ]),
    ),
    ...(confidence !== undefined && { confidence: text(confidence) }),
    ...(source !== undefined && { source: source.title, sourceUrl: source.url }),
  }
}

/** What keeps the findings from being all there are. */
function limitsOf({ isCurrent, failed, skipped, muted, events }: FindingList) {
  return {
    events,
    ...(muted.length > 0 && { mutedByUser: muted.length }),
    ...(failed.length > 0 && { failedRules: failed }),
    ...(skipped > 0 && { payloadsNotRead: skipped }),
    ...(!isCurrent && { isCurrent }),
  }
}
