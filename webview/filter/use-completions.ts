/** Completes a filter as it is typed. */
import type { RefObject } from 'preact'
import type { Completion } from '../../src/shared/filter/complete.ts'
import { type PageState, usePage } from '../state/page.ts'
import { type Completing, useCompletionList } from '../ui/use-completion-list.ts'
import { accepted, completionsAt } from './completions.ts'

/** A filter, and what keys do with it if they do nothing with its completions. */
export interface CompletedText {
  readonly text: string
  readonly type: (text: string) => void
  readonly onEnter: () => void
  /** Returns whether it did anything. */
  readonly onEscape: () => boolean
}

/** The completions of an input. */
export function useCompletions(
  input: RefObject<HTMLInputElement | null>,
  { text, type, onEnter, onEscape }: CompletedText,
): Completing<Completion> {
  const page = usePage()
  return useCompletionList(input, {
    text,
    type,
    completionsAt: (typed, caret) => completionsAt(typed, caret, contextOf(page)),
    accepted,
    onShow(before, showAgain) {
      if (before.includes('$')) page.seenPaths.refresh(showAgain)
      if (/(?:protocol|name|channel):/i.test(before)) page.seenDecoded.refresh(showAgain)
    },
    onKey(key) {
      if (key === 'Escape') return onEscape()
      onEnter()
      return true
    },
    opensByArrow: true,
  })
}

function contextOf({ session, seenPaths, seenDecoded }: PageState) {
  return {
    eventNames: session.eventNames,
    connections: session.status.value?.connections ?? [],
    paths: seenPaths.current,
    decoded: seenDecoded.current,
  }
}
