import * as l10n from '@vscode/l10n'
import { useState } from 'preact/hooks'
import { type Compared, DIFFERENCE_KINDS, type ListedDifference } from '../../src/shared/comparison.ts'
import { differenceCount } from '../format/count.ts'
import { formatDuration, formatSessionTime } from '../format/time.ts'
import { KINDS } from './difference-kinds.ts'
import { ignorable } from './volatile.ts'

/** Rows that are shown at first, and added each time. */
const PAGE = 200

interface DifferenceListProps {
  readonly compared: Compared
  /** Compares again without the values at a path. */
  ignore(path: string): void
  /** Hands over the difference at this position to the user's assistant. */
  explain(difference: number): void
}

/** The differences with the text of their messages, a limited number at a time. */
export function DifferenceList({ compared: { differences, counts }, ignore, explain }: DifferenceListProps) {
  const [shown, setShown] = useState(PAGE)
  const total = DIFFERENCE_KINDS.reduce((sum, kind) => sum + counts[kind], 0)
  if (differences.length === 0) return null
  return (
    <section aria-label={l10n.t('Differences')}>
      <h2>{differenceCount(total)}</h2>
      <ol class="differences">
        {differences.slice(0, shown).map((difference, at) => (
          <Row
            key={`${difference.kind} ${difference.a?.event} ${difference.b?.event}`}
            difference={difference}
            ignore={ignore}
            explain={() => explain(at)}
          />
        ))}
      </ol>
      {shown < differences.length && (
        <button type="button" class="button" onClick={() => setShown(shown + PAGE)}>
          {l10n.t('Show {0} more of {1}', Math.min(PAGE, differences.length - shown), differences.length)}
        </button>
      )}
      {shown >= differences.length && total > differences.length && (
        <p class="dim">
          {l10n.t(
            'Only the first {0} are listed. In the terminal, “realtime-inspector compare” lists more.',
            differences.length,
          )}
        </p>
      )}
    </section>
  )
}

interface RowProps extends Pick<DifferenceListProps, 'ignore'> {
  readonly difference: ListedDifference
  explain(): void
}

function Row({ difference: { kind, direction, a, b, lag, changes }, ignore, explain }: RowProps) {
  const look = KINDS.find((each) => each.kind === kind)
  const time = (a ?? b)?.time
  return (
    <li class="difference">
      <div class="difference-head">
        <b class={`kind-${kind}`}>
          {look?.sign} {look?.name}
          {lag !== undefined && ` ${l10n.t('by {0}', formatDuration(Math.abs(lag)))}`}
        </b>
        <span class="dim">
          {[a && `A #${a.event}`, b && `B #${b.event}`].filter(Boolean).join(' · ')}
          {time !== undefined && ` · ${formatSessionTime(time)}`} {direction === 'out' ? '↑' : '↓'}
        </span>
        <button
          type="button"
          class="button"
          title={l10n.t('Puts the difference into the chat, with secrets masked. Nothing is sent yet.')}
          onClick={explain}
        >
          {l10n.t('Explain this')}
        </button>
      </div>
      {changes.length > 0 ? (
        <ul class="changes">
          {changes.map(({ path, before, after }) => (
            <li key={path}>
              <Path path={path} ignore={ignore} />{' '}
              {before === undefined ? <i>{l10n.t('absent')}</i> : <del>{before}</del>} →{' '}
              {after === undefined ? <i>{l10n.t('absent')}</i> : <ins>{after}</ins>}
            </li>
          ))}
        </ul>
      ) : (
        <pre>{(a ?? b)?.text}</pre>
      )}
    </li>
  )
}

/** The path of a difference: a press ignores it in all messages. */
function Path({ path, ignore }: { path: string; ignore: (path: string) => void }) {
  const wanted = ignorable(path)
  if (wanted === undefined) return <code>{path}</code>
  const name = l10n.t('Ignore {0}', wanted)
  return (
    <button
      type="button"
      class="path"
      title={name}
      aria-label={`${path}. ${name}`}
      onClick={() => ignore(wanted)}
    >
      <code>{path}</code>
    </button>
  )
}
