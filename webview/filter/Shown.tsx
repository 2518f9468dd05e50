import { useRef } from 'preact/hooks'
import { formatCount } from '../format/count.ts'
import { selectedPart } from '../state/bindings.ts'
import { usePage } from '../state/page.ts'
import { IconButton } from '../ui/Icon.tsx'
import { statsOf } from './stats.ts'

/** How much of the session is shown, and what that amounts to: `1 204 of 48 233 · 151 msg/s · p95 9.8 ms`. */
export function Shown() {
  const page = usePage()
  const { session, surveys } = page
  void session.frame.value
  const { rows, columns } = session
  const all = columns.end - columns.first
  const shown = rows.end - rows.first
  const isNarrowed = selectedPart(session, page.search) !== undefined
  const counts = isNarrowed ? `${formatCount(shown)} of ${formatCount(all)}` : formatCount(all)
  const surveyed = surveys.current.value
  const stats =
    isNarrowed && surveyed !== undefined
      ? statsOf(surveyed.survey, surveyed.selected.range, session.viewTime())
      : []
  return (
    <div class="shown dim">
      <span class="shown-count">
        {counts} events{columns.first > 0 && ` · ${formatCount(columns.first)} dropped`}
      </span>
      <Progress />
      {stats.length > 0 && (
        <span
          class="clip"
          title="Of the events shown. A gap is the time from one to the next on the same connection."
        >
          {stats.join(' · ')}
        </span>
      )}
      <Said counts={counts} />
    </div>
  )
}

function Progress() {
  const page = usePage()
  const { search, session } = page
  void search.changes.value
  const found = search.found.value
  if (found === undefined) return null
  const share = session.columns.end === 0 ? 1 : found.scanned / session.columns.end
  const percent = `${Math.floor(share * 100)}%`
  if (found.hasEnded && search.mistake.value === undefined)
    return (
      <span class="tone-warn shown-stopped">
        search stopped at {percent}; Enter in the filter starts it again
      </span>
    )
  if (!page.isSearching) return null
  return (
    <span class="shown-progress">
      searching {percent}
      <IconButton icon="close" name="Stop searching" onClick={() => search.stop()} />
    </span>
  )
}

/** Speaks once a search is through. */
function Said({ counts }: { counts: string }) {
  const page = usePage()
  const last = useRef({ generation: 0, text: '' })
  const found = page.search.found.value
  if (found === undefined) last.current = { generation: 0, text: '' }
  else if (!page.isSearching && page.session.isFiltered && found.generation !== last.current.generation)
    last.current = { generation: found.generation, text: `${counts} events match` }
  return (
    <span role="status" class="visually-hidden">
      {last.current.text}
    </span>
  )
}
