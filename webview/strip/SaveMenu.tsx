import { shownPart } from '../state/bindings.ts'
import { usePage } from '../state/page.ts'
import { IconButton } from '../ui/Icon.tsx'
import { Popover } from '../ui/Popover.tsx'
import { type SaveChoice, saveChoices } from './save-choices.ts'

/** Saves the session, or a part of it if one is shown or selected. */
export function SaveMenu({ disabled }: { disabled: boolean }) {
  const page = usePage()
  const { session, filter, selection } = page
  const save = ({ part }: Pick<SaveChoice, 'part'>) => void page.attempt(page.host.call('save', { part }, 0))
  const choices = saveChoices({
    selected: shownPart(session, filter),
    range: session.scope.value.range,
    ranges: selection.ranges.value,
    rows: session.rows,
    end: session.columns.end,
  })
  return (
    <span class="save-menu">
      <IconButton icon="save" name="Save session…" disabled={disabled} onClick={() => save({ part: null })} />
      {!disabled && choices.length > 1 && (
        <Popover icon="chevron-down" name="Save a part of the session">
          {(close) => (
            <>
              <ul>
                {choices.map((choice) => (
                  <li key={choice.name}>
                    <button
                      type="button"
                      class="entry"
                      data-entry
                      onClick={() => {
                        close()
                        save(choice)
                      }}
                    >
                      <span>{choice.name}</span>
                      <span class="dim">{choice.detail}</span>
                    </button>
                  </li>
                ))}
              </ul>
              <p class="hint">A part also contains the lifecycle events of its connections.</p>
            </>
          )}
        </Popover>
      )}
    </span>
  )
}
