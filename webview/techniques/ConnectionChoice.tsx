import * as l10n from '@vscode/l10n'
import type { TechniqueReport } from '../../src/shared/techniques.ts'
import { formatCount } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { LinkButton } from '../ui/buttons.tsx'
import { techniqueName } from './names.ts'

/** Which connections are compared: those that carry the same, or those that the user chooses. */
export function ConnectionChoice({ report: { connections, feed } }: { readonly report: TechniqueReport }) {
  const { techniques, looks } = usePage()
  if (connections.length < 2) return null
  const compared = connections.filter(({ inFeed }) => inFeed).map(({ id }) => id)
  const toggle = (id: number) =>
    techniques.choose(compared.includes(id) ? compared.filter((each) => each !== id) : [...compared, id])
  return (
    <details
      class="technique-choice"
      onKeyDown={(event) => {
        const { currentTarget: choice } = event
        if (event.key !== 'Escape' || !choice.open) return
        event.stopPropagation()
        choice.open = false
        choice.querySelector('summary')?.focus()
      }}
    >
      <summary>
        {l10n.t('{0} of {1} compared', formatCount(compared.length), formatCount(connections.length))}
      </summary>
      <div>
        {connections.map((row) => (
          <label key={row.id}>
            <input type="checkbox" checked={row.inFeed} onChange={() => toggle(row.id)} />
            {techniqueName(row)} <span class="dim">{looks.nameOf(row.id)}</span>
          </label>
        ))}
        {feed?.by === 'chosen' && (
          <LinkButton onClick={() => techniques.choose(null)}>
            {l10n.t('Find Those That Carry the Same')}
          </LinkButton>
        )}
      </div>
    </details>
  )
}
