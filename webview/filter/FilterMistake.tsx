import { usePage } from '../state/page.ts'
import { Icon } from '../ui/Icon.tsx'
import { MISTAKE_ID } from './FilterInput.tsx'

/** The mistake in the filter. The field itself marks its position. */
export function FilterMistake() {
  const { filter } = usePage()
  const mistake = filter.mistake.value
  return (
    <div role="status" class={mistake === undefined ? '' : 'filter-mistake tone-error'} id={MISTAKE_ID}>
      {mistake !== undefined && (
        <>
          <Icon name="error" />
          <span class="clip" title={mistake.message}>
            {mistake.message}
          </span>
        </>
      )}
    </div>
  )
}
