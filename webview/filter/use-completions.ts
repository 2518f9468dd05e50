/** Completes the filter as it is typed: the completions at the caret, and what keys do with them. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { GRID_ID } from '../state/keyboard.ts'
import { type PageState, usePage } from '../state/page.ts'
import { accepted, type Completions, completionsAt, moved, NO_COMPLETIONS } from './completions.ts'

interface Completing {
  readonly completions: Completions
  /** Shows the completions at the caret. */
  readonly show: () => void
  /** Inserts a completion and moves the caret behind it. */
  readonly accept: (position: number) => void
  readonly close: () => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

/** The completions of the filter's input. */
export function useCompletions(input: { readonly current: HTMLInputElement | null }): Completing {
  const page = usePage()
  const { filter } = page
  const caret = useRef<number>(undefined)
  const [completions, setCompletions] = useState<Completions>(NO_COMPLETIONS)
  const text = filter.text.value
  useLayoutEffect(() => {
    if (caret.current === undefined) return
    input.current?.setSelectionRange(caret.current, caret.current)
    caret.current = undefined
  })

  const show = () => {
    const element = input.current
    if (element === null) return
    const at = element.selectionStart ?? 0
    setCompletions(completionsAt(element.value, at, contextOf(page)))
    if (element.value.slice(0, at).includes('$'))
      page.seenPaths.refresh(() => document.activeElement === element && show())
  }
  const accept = (position: number) => {
    const choice = completions.list[position]
    if (choice === undefined) return
    const next = accepted(text, choice)
    caret.current = next.caret
    filter.type(next.text)
    setCompletions(completionsAt(next.text, next.caret, contextOf(page)))
  }
  const close = () => setCompletions(NO_COMPLETIONS)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (!onKey(event)) return
    event.preventDefault()
    event.stopPropagation()
  }
  const onKey = ({ key, shiftKey }: KeyboardEvent): boolean => {
    const isOpen = completions.list.length > 0
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      if (isOpen) setCompletions(moved(completions, key === 'ArrowDown' ? 1 : -1))
      else if (key === 'ArrowDown') show()
      return isOpen || key === 'ArrowDown'
    }
    if (key === 'Enter' || (key === 'Tab' && !shiftKey)) {
      if (isOpen && completions.active >= 0) accept(completions.active)
      else if (key === 'Enter') filter.apply()
      else return false
      return true
    }
    if (key !== 'Escape') return false
    if (isOpen) close()
    else if (page.isFiltering) filter.stop()
    else if (text !== '') filter.apply('')
    else document.getElementById(GRID_ID)?.focus()
    return true
  }

  return { completions, show, accept, close, onKeyDown }
}

function contextOf({ session, seenPaths }: PageState) {
  return {
    eventNames: session.eventNames,
    connections: session.status.value?.connections ?? [],
    paths: seenPaths.current,
  }
}
