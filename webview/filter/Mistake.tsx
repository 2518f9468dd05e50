import { Icon } from '../Icon.tsx'
import { usePanel } from '../panel.ts'
import { MISTAKE_ID } from './FilterInput.tsx'

/** What is wrong with the filter as it is typed; where, the field itself marks. */
export function Mistake() {
  const { search } = usePanel()
  const mistake = search.mistake.value
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
