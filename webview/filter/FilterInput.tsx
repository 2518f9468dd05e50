import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { MAX_FILTER } from '../../src/shared/protocol/filtering.ts'
import type { Keyboard } from '../state/keyboard.ts'
import { usePage } from '../state/page.ts'
import type { Completions } from './completions.ts'
import { useCompletions } from './use-completions.ts'

const LIST_ID = 'filter-completions'
export const MISTAKE_ID = 'filter-mistake'

/** The text field of the filter, with completions and with a mistake underlined. */
export function FilterInput() {
  const { filter, keyboard } = usePage()
  const input = useRef<HTMLInputElement>(null)
  const { completions, show, accept, close, onKeyDown } = useCompletions(input)
  const text = filter.text.value
  const mistake = filter.mistake.value
  useTypeAhead(input, keyboard)

  return (
    <div class="filter-field" data-mistake={completions.list.length > 0 ? undefined : mistake?.message}>
      {mistake?.text === text && (
        <Underline text={text} start={mistake.start} end={mistake.end} input={input} />
      )}
      <input
        ref={input}
        class="filter-input mono"
        type="text"
        role="combobox"
        aria-label="Filter"
        aria-expanded={completions.list.length > 0}
        aria-controls={LIST_ID}
        aria-autocomplete="list"
        aria-activedescendant={completions.active >= 0 ? `${LIST_ID}-${completions.active}` : undefined}
        aria-invalid={mistake !== undefined}
        aria-describedby={mistake === undefined ? undefined : MISTAKE_ID}
        placeholder='Filter: dir:in size:>1k $.type == "trade"'
        autocomplete="off"
        spellcheck={false}
        maxLength={MAX_FILTER}
        value={text}
        onInput={(event) => {
          filter.type(event.currentTarget.value)
          show()
        }}
        onKeyDown={onKeyDown}
        onBlur={close}
      />
      <CompletionList completions={completions} choose={accept} />
    </div>
  )
}

interface CompletionListProps {
  readonly completions: Completions
  readonly choose: (position: number) => void
}

function CompletionList({ completions, choose }: CompletionListProps) {
  const list = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    list.current?.children[completions.active]?.scrollIntoView({ block: 'nearest' })
  }, [completions])
  return (
    <div
      ref={list}
      id={LIST_ID}
      class="filter-completions"
      role="listbox"
      aria-label="Completions"
      hidden={completions.list.length === 0}
    >
      {completions.list.map(({ insert, detail }, position) => (
        <div
          key={insert}
          id={`${LIST_ID}-${position}`}
          class={`filter-completion${position === completions.active ? ' active' : ''}`}
          role="option"
          tabIndex={-1}
          aria-selected={position === completions.active}
          // Keeps the focus in the input.
          onMouseDown={(event) => {
            event.preventDefault()
            choose(position)
          }}
        >
          <span class="mono">{insert}</span>
          <span class="dim clip">{detail}</span>
        </div>
      ))}
    </div>
  )
}

interface UnderlineProps {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly input: { readonly current: HTMLInputElement | null }
}

/** The same text, invisible below the input, with a wave under the mistake. */
function Underline({ text, start, end, input }: UnderlineProps) {
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const element = input.current
    if (element === null) return
    const follow = () => {
      if (box.current !== null) box.current.scrollLeft = element.scrollLeft
    }
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

/** A character typed in the list, or without a focus, goes to the filter. `/` moves the focus there without being typed. */
function useTypeAhead(input: { readonly current: HTMLInputElement | null }, keyboard: Keyboard): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { target, key } = event
      const isInList =
        target === document.body || (target instanceof Element && target.closest('[role=grid]'))
      if (!isInList || keyboard.isGivenUp || event.defaultPrevented || key.length !== 1 || key === ' ') return
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
