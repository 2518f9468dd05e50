/** A text field for a filter, with completions and with the mistake underlined. */
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { MAX_FILTER } from '../../src/shared/protocol/filtering.ts'
import type { FilterTextMistake } from '../state/filter.ts'
import { CompletionList } from '../ui/CompletionList.tsx'
import { type CompletedText, useCompletions } from './use-completions.ts'

interface FilterFieldProps extends CompletedText {
  readonly id: string
  readonly input: RefObject<HTMLInputElement | null>
  readonly name: string
  readonly placeholder: string
  readonly mistake: FilterTextMistake | undefined
  /** Id of the element that says what is wrong. */
  readonly mistakeId: string
}

export function FilterField({
  id,
  input,
  name,
  placeholder,
  mistake,
  mistakeId,
  ...completed
}: FilterFieldProps) {
  const { completions, show, accept, close, onKeyDown } = useCompletions(input, completed)
  const { text } = completed
  const listId = `${id}-completions`

  return (
    <div class="filter-field" data-mistake={completions.list.length > 0 ? undefined : mistake?.message}>
      {mistake?.text === text && (
        <Underline text={text} start={mistake.start} end={mistake.end} input={input} />
      )}
      <input
        ref={input}
        id={id}
        class="filter-input mono"
        type="text"
        role="combobox"
        aria-label={name}
        aria-expanded={completions.list.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={completions.active >= 0 ? `${listId}-${completions.active}` : undefined}
        aria-invalid={mistake !== undefined}
        aria-describedby={mistake === undefined ? undefined : mistakeId}
        placeholder={placeholder}
        autocomplete="off"
        spellcheck={false}
        maxLength={MAX_FILTER}
        value={text}
        onInput={(event) => {
          completed.type(event.currentTarget.value)
          show()
        }}
        onKeyDown={onKeyDown}
        onBlur={close}
      />
      <CompletionList id={listId} completions={completions} choose={accept} />
    </div>
  )
}

interface UnderlineProps {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly input: RefObject<HTMLInputElement | null>
}

/** The same text, invisible below the input, with a wave under the mistake. */
function Underline({ text, start, end, input }: UnderlineProps) {
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const element = input.current
    if (element === null) return
    const follow = () => box.current?.scrollTo(element.scrollLeft, 0)
    follow()
    element.addEventListener('scroll', follow)
    return () => element.removeEventListener('scroll', follow)
  }, [input])
  return (
    <div ref={box} class="filter-under mono" aria-hidden="true">
      {text.slice(0, start)}
      <span class="filter-wave">{text.slice(start, end) || '\u00a0'}</span>
      {text.slice(Math.max(start, end))}
    </div>
  )
}
