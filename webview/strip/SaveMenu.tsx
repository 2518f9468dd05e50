import * as l10n from '@vscode/l10n'
import { shownPart } from '../state/bindings.ts'
import { usePage } from '../state/page.ts'
import { IconButton } from '../ui/buttons.tsx'
import { Popover, PopoverEntry } from '../ui/Popover.tsx'
import { type SaveChoice, saveChoices } from './save-choices.ts'

/** Saves the session, or a part of it if one is shown or selected. */
export function SaveMenu({ disabled }: { disabled: boolean }) {
  const page = usePage()
  const { session, filter, selection } = page
  const save = ({ part }: Pick<SaveChoice, 'part'>) => void page.call('save', { part }, 0)
  const choices = saveChoices({
    selected: shownPart(session, filter),
    range: session.scope.value.range,
    ranges: selection.ranges.value,
    rows: session.rows,
    end: session.columns.end,
  })
  return (
    <>
      <IconButton
        icon="save"
        name={l10n.t('Save session…')}
        disabled={disabled}
        onClick={() => save({ part: null })}
      />
      {!disabled && choices.length > 1 && (
        <Popover icon="chevron-down" name={l10n.t('Save a part of the session')}>
          <ul>
            {choices.map((choice) => (
              <li key={choice.name}>
                <PopoverEntry onPick={() => save(choice)}>
                  <span>{choice.name}</span>
                  <span class="dim">{choice.detail}</span>
                </PopoverEntry>
              </li>
            ))}
          </ul>
          <p class="hint">{l10n.t('Also saves how the connections began and what happened to them.')}</p>
        </Popover>
      )}
    </>
  )
}
