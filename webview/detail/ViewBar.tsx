import { usePage } from '../state/page.ts'

const JSON_VIEWS = [
  ['tree', 'Tree'],
  ['text', 'Text'],
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
          <button
            type="button"
            class="chip small toggle"
            key={view}
            aria-pressed={json === view}
            onClick={() => layout.change({ json: view })}
          >
            {name}
          </button>
        ))}
      {hasLines && (
        <button
          type="button"
          class="chip small toggle"
          aria-pressed={wrap}
          onClick={() => layout.change({ wrap: !wrap })}
        >
          Wrap
        </button>
      )}
    </div>
  )
}
