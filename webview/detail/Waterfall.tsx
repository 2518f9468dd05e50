import * as l10n from '@vscode/l10n'
import { formatDuration } from '../format/time.ts'
import type { Phase } from './fields.ts'

/** The phases of a request as bars, each where the one before it ends. Renders nothing if none is known. */
export function Waterfall({ phases }: { phases: readonly Phase[] }) {
  const last = phases.at(-1)
  if (last === undefined) return null
  const total = last.from + last.took
  const title =
    last.id === 'firstByte'
      ? l10n.t('Up to the first byte: {0}', formatDuration(total))
      : l10n.t('Known phases: {0}', formatDuration(total))
  const share = (ms: number) => `${total === 0 ? 0 : (100 * ms) / total}%`
  return (
    <>
      <h2 class="entries-title">{title}</h2>
      <dl class="entries waterfall">
        {phases.map(({ id, name, from, took }) => (
          <div key={id}>
            <dt>{name}</dt>
            <dd>
              <span class="waterfall-track" aria-hidden="true">
                <i class={`part-${id}`} style={{ left: share(from), width: share(took) }} />
              </span>
              <span class="tabular">{formatDuration(took)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}
