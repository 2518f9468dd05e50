import * as l10n from '@vscode/l10n'
import { usePage } from '../state/page.ts'
import { Chip } from '../ui/buttons.tsx'

const JSON_VIEWS = [
  ['tree', l10n.t('Tree')],
  ['text', l10n.t('Text')],
] as const

/** Chooses how a text payload is shown: JSON as tree or text, long lines wrapped or not. */
export function ViewBar({ form }: { form: 'json' | 'text' }) {
  const { layout } = usePage()
  const { json, wrap } = layout.current.value
  const hasLines = form === 'text' || json === 'text'
  return (
    <div class="view-bar">
      {form === 'json' &&
        JSON_VIEWS.map(([view, name]) => (
          <Chip
            class="small toggle"
            key={view}
            aria-pressed={json === view}
            onClick={() => layout.change({ json: view })}
          >
            {name}
          </Chip>
        ))}
      {hasLines && (
        <Chip class="small toggle" aria-pressed={wrap} onClick={() => layout.change({ wrap: !wrap })}>
          {l10n.t('Wrap')}
        </Chip>
      )}
    </div>
  )
}
