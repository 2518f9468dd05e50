import * as l10n from '@vscode/l10n'
import { useEffect, useRef } from 'preact/hooks'
import { FILTER_ID, GRID_ID, type Keyboard } from '../state/keyboard.ts'
import { usePage } from '../state/page.ts'
import { FilterField } from './FilterField.tsx'

export const MISTAKE_ID = 'filter-mistake'

/** The filter of the list. */
export function FilterInput() {
  const page = usePage()
  const { filter, keyboard } = page
  const input = useRef<HTMLInputElement>(null)
  const text = filter.text.value
  useTypeAhead(input, keyboard)

  const leave = () => {
    if (page.isFiltering) filter.stop()
    else if (text !== '') filter.apply('')
    else document.getElementById(GRID_ID)?.focus()
    return true
  }

  return (
    <FilterField
      id={FILTER_ID}
      input={input}
      name={l10n.t('Filter')}
      placeholder={l10n.t('Filter: dir:in size:>1k $.type == "trade"')}
      text={text}
      mistake={filter.mistake.value}
      mistakeId={MISTAKE_ID}
      type={(typed) => filter.type(typed)}
      onEnter={() => filter.apply()}
      onEscape={leave}
    />
  )
}

/** A character typed in the list, or without a focus, goes to the filter. `/` moves the focus there without being typed. */
function useTypeAhead(input: { readonly current: HTMLInputElement | null }, keyboard: Keyboard): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { target, key } = event
      const isInList =
        target === document.body || (target instanceof Element && target.closest('[role=grid]'))
      if (
        !isInList ||
        keyboard.isGivenUp ||
        event.defaultPrevented ||
        key.length !== 1 ||
        key === ' ' ||
        key === '?'
      )
        return
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
      const element = input.current
      if (element === null) return
      element.focus()
      element.setSelectionRange(element.value.length, element.value.length)
      if (key === '/') event.preventDefault()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [input, keyboard])
}
