import * as l10n from '@vscode/l10n'
import { useRef } from 'preact/hooks'
import { eventCount, formatCount } from '../format/count.ts'
import { shownPart } from '../state/bindings.ts'
import { usePage } from '../state/page.ts'
import { IconButton } from '../ui/buttons.tsx'
import { statisticsTexts } from './statistics-text.ts'

/** How many events the list shows, and their statistics: `1,204 of 48,233 · 151 msg/s · p95 9.8 ms`. */
export function ShownEvents() {
  const page = usePage()
  const { session, statistics } = page
  void session.frame.value
  const { rows, columns } = session
  const all = columns.end - columns.first
  const shown = rows.end - rows.first
  const isNarrowed = shownPart(session, page.filter) !== undefined
  const counts = isNarrowed
    ? l10n.t('{0} of {1} events', formatCount(shown), formatCount(all))
    : eventCount(all)
  const known = statistics.current.value
  const stats =
    isNarrowed && known !== undefined
      ? statisticsTexts(known.statistics, known.selected.range, session.viewTime())
      : []
  return (
    <div class="shown dim">
      <span class="shown-count">
        {counts}
        {columns.first > 0 && ` · ${l10n.t('{0} dropped', formatCount(columns.first))}`}
      </span>
      <Progress />
      {stats.length > 0 && (
        <span
          class="clip"
          title={l10n.t(
            'Statistics of the events shown. A gap is the time between two events of a connection: half of the gaps are shorter than p50, and 95% are shorter than p95.',
          )}
        >
          {stats.join(' · ')}
        </span>
      )}
      <MatchAnnouncement counts={counts} />
    </div>
  )
}

function Progress() {
  const page = usePage()
  const { filter, session } = page
  void filter.changes.value
  const result = filter.result.value
  if (result === undefined) return null
  const share = session.columns.end === 0 ? 1 : result.scanned / session.columns.end
  const percent = `${Math.floor(share * 100)}%`
  if (result.hasEnded && filter.mistake.value === undefined)
    return (
      <span class="tone-warn shown-stopped">
        {l10n.t('filter stopped at {0}. Press Enter in the filter to start it again', percent)}
      </span>
    )
  if (!page.isFiltering) return null
  return (
    <span class="shown-progress">
      {l10n.t('filtering {0}', percent)}
      <IconButton icon="close" name={l10n.t('Stop filtering')} onClick={() => filter.stop()} />
    </span>
  )
}

/** Tells screen readers how many events match, once the filter has been through the session. */
function MatchAnnouncement({ counts }: { counts: string }) {
  const page = usePage()
  const last = useRef({ generation: 0, text: '' })
  const result = page.filter.result.value
  if (result === undefined) last.current = { generation: 0, text: '' }
  else if (!page.isFiltering && page.session.isFiltered && result.generation !== last.current.generation)
    last.current = { generation: result.generation, text: l10n.t('{0} match', counts) }
  return (
    <span role="status" class="visually-hidden">
      {last.current.text}
    </span>
  )
}
