/** Completes a text as it is typed: the completions at the caret, and what keys do with them. */
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type Choice, type Completions, moved, NO_COMPLETIONS } from './completion-list.ts'

type TextField = HTMLInputElement | HTMLTextAreaElement

/** A text, and how it is completed. */
export interface CompletedField<C extends Choice> {
  readonly text: string
  readonly type: (text: string) => void
  readonly completionsAt: (text: string, caret: number) => Completions<C>
  /** The text after accepting a completion, and the position of the caret. */
  readonly accepted: (text: string, choice: C) => { readonly text: string; readonly caret: number }
  /** Called if the completions are shown. */
  readonly onShow?: (beforeCaret: string, showAgain: () => void) => void
  /** What a key does if no completion is meant. Returns whether it did anything. */
  readonly onKey: (key: 'Enter' | 'Escape') => boolean
  /** Arrow Down shows completions. Default: only Ctrl+Space does. */
  readonly opensByArrow?: boolean
}

export interface Completing<C extends Choice> {
  readonly completions: Completions<C>
  /** Shows the completions at the caret. */
  readonly show: () => void
  /** Inserts a completion and moves the caret behind it. */
  readonly accept: (position: number) => void
  readonly close: () => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

/** The completions of a field. */
export function useCompletionList<C extends Choice>(
  input: RefObject<TextField | null>,
  { text, type, completionsAt, accepted, onShow, onKey, opensByArrow = false }: CompletedField<C>,
): Completing<C> {
  const caret = useRef<number>(undefined)
  const [completions, setCompletions] = useState<Completions<C>>(NO_COMPLETIONS)
  useLayoutEffect(() => {
    if (caret.current === undefined) return
    input.current?.setSelectionRange(caret.current, caret.current)
    caret.current = undefined
  })

  const show = () => {
    const element = input.current
    if (element === null) return
    const at = element.selectionStart ?? 0
    setCompletions(completionsAt(element.value, at))
    onShow?.(element.value.slice(0, at), () => document.activeElement === element && show())
  }
  const accept = (position: number) => {
    const choice = completions.list[position]
    if (choice === undefined) return
    const next = accepted(text, choice)
    caret.current = next.caret
    type(next.text)
    setCompletions(completionsAt(next.text, next.caret))
  }
  const close = () => setCompletions(NO_COMPLETIONS)
  const onKeyDown = (event: KeyboardEvent) => {
    const { key, ctrlKey, metaKey, altKey, isComposing } = event
    if (key === ' ' && ctrlKey && !altKey) show()
    else if (ctrlKey || metaKey || altKey || isComposing || !handle(event)) return
    event.preventDefault()
    event.stopPropagation()
  }
  const handle = ({ key, shiftKey }: KeyboardEvent): boolean => {
    const isOpen = completions.list.length > 0
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      const opens = !isOpen && opensByArrow && key === 'ArrowDown'
      if (isOpen) setCompletions(moved(completions, key === 'ArrowDown' ? 1 : -1))
      else if (opens) show()
      return isOpen || opens
    }
    if (key === 'Enter' || (key === 'Tab' && !shiftKey)) {
      if (!isOpen || completions.active < 0) return key === 'Enter' && onKey('Enter')
      accept(completions.active)
      return true
    }
    if (key !== 'Escape') return false
    if (!isOpen) return onKey('Escape')
    close()
    return true
  }

  return { completions, show, accept, close, onKeyDown }
}
