import { useState } from 'preact/hooks'
import { type Compared, DIFFERENCE_KINDS, type ListedDifference } from '../../src/shared/comparison.ts'
import { plural } from '../format/count.ts'
import { formatDuration, formatSessionTime } from '../format/time.ts'
import { KINDS } from './looks.ts'

/** Rows that are shown at first, and added each time. */
const PAGE = 200

/** The differences with the text of their messages, a limited number at a time. */
export function DifferenceList({ compared: { differences, counts } }: { compared: Compared }) {
  const [shown, setShown] = useState(PAGE)
  const total = DIFFERENCE_KINDS.reduce((sum, kind) => sum + counts[kind], 0)
  if (differences.length === 0) return null
  return (
    <section aria-label="Differences">
      <h2>{plural(total, 'difference')}</h2>
      <ol class="differences">
        {differences.slice(0, shown).map((difference) => (
          <Row
            key={`${difference.kind} ${difference.a?.event} ${difference.b?.event}`}
            difference={difference}
          />
        ))}
      </ol>
      {shown < differences.length && (
        <button type="button" onClick={() => setShown(shown + PAGE)}>
          Show {Math.min(PAGE, differences.length - shown)} more of {differences.length}
        </button>
      )}
      {shown >= differences.length && total > differences.length && (
        <p class="dim">
          Only the first {differences.length} are listed. The command “compare” in the terminal lists more.
        </p>
      )}
    </section>
  )
}

function Row({ difference: { kind, direction, a, b, lag, changes } }: { difference: ListedDifference }) {
  const look = KINDS.find((each) => each.kind === kind)
  const time = (a ?? b)?.time
  return (
    <li class="difference">
      <div class="difference-head">
        <b class={`kind-${kind}`}>
          {look?.sign} {look?.name}
          {lag !== undefined && ` by ${formatDuration(Math.abs(lag))}`}
        </b>
        <span class="dim">
          {[a && `A #${a.event}`, b && `B #${b.event}`].filter(Boolean).join(' · ')}
          {time !== undefined && ` · ${formatSessionTime(time)}`} {direction === 'out' ? '↑' : '↓'}
        </span>
      </div>
      {changes.length > 0 ? (
        <ul class="changes">
          {changes.map(({ path, before, after }) => (
            <li key={path}>
              <code>{path}</code> {before === undefined ? <i>nothing</i> : <del>{before}</del>} →{' '}
              {after === undefined ? <i>nothing</i> : <ins>{after}</ins>}
            </li>
          ))}
        </ul>
      ) : (
        <pre>{(a ?? b)?.text}</pre>
      )}
    </li>
  )
}
