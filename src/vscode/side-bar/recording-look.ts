/** What the side bar shows of a recording. Uses of `vscode` only its texts. */
import { l10n } from 'vscode'
import type { RecordingSummary } from '../../shared/protocol/jobs.ts'
import { formatDateParts } from '../../shared/text/numbers.ts'
import { byteCount } from '../../shared/text/quantities.ts'
import { extensionOf, nameOf } from '../files/file-names.ts'
import type { ListedRecording } from '../files/recording-index.ts'
import { connectionCount, eventCount } from '../ui/counts.ts'
import { joined, type RowLook } from './tree-row.ts'

/** `folder` is shown if another recording has the same name. */
export function recordingLook({ uri, size, known = {} }: ListedRecording, folder?: string): RowLook {
  const { summary, problem } = known
  const name = nameOf(uri)
  const description = joined(
    folder,
    problem === undefined ? contentOf(summary) : l10n.t('cannot be read'),
    byteCount(size),
    summary === undefined ? '' : connectionCount(summary.connections),
  )
  const isBroken = problem !== undefined
  return {
    label: name,
    description,
    icon: isBroken ? 'warning' : 'record',
    ...(isBroken && { color: 'list.warningForeground' }),
    context: ['recording', extensionOf(uri), ...(isBroken ? ['broken'] : [])].join(' '),
    spoken: `${name}, ${description}`,
    command: 'realtimeInspector.openRecording',
  }
}

/** How long it is; more than that if only its beginning was read. */
function contentOf(summary: RecordingSummary | undefined): string {
  if (summary === undefined) return ''
  const duration = clockSpan(summary.duration)
  return summary.isPartial ? l10n.t('over {0}', duration) : duration
}

/** The hover, as plain text. */
export function recordingTooltip({ path, size, modified, known = {} }: ListedRecording): string {
  const { summary, problem } = known
  return [
    path,
    ...(problem === undefined ? [] : [problem]),
    ...(summary === undefined
      ? []
      : [
          ...(summary.startedAt === undefined ? [] : [l10n.t('Recorded: {0}', dateOf(summary.startedAt))]),
          l10n.t('Duration: {0}', contentOf(summary)),
          `${connectionCount(summary.connections)}, ${eventCount(summary.events)}`,
        ]),
    ...(summary?.isPartial ? [l10n.t('Based on the beginning of the file.')] : []),
    l10n.t('{0}, changed {1}', byteCount(size), dateOf(modified)),
  ].join('\n')
}

function dateOf(at: number): string {
  return formatDateParts(at, { dateStyle: 'medium', timeStyle: 'short' })
}

/** Milliseconds as on a clock: `2:10`, `1:02:05`. */
export function clockSpan(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const rest = two(seconds % 60)
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`
}
