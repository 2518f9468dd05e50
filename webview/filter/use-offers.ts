/** What completes the filter as it is typed: the offers at the caret, and what keys do with them. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { GRID_ID } from '../state/keyboard.ts'
import { type PageState, usePage } from '../state/page.ts'
import { accepted, moved, NO_OFFERS, type Offers, offersAt } from './offers.ts'

interface Completing {
  readonly offers: Offers
  /** Offers what may stand at the caret. */
  readonly offer: () => void
  /** Puts an offer into the text, and the caret behind it. */
  readonly accept: (position: number) => void
  readonly close: () => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

/** The offers for the filter's input. */
export function useOffers(input: { readonly current: HTMLInputElement | null }): Completing {
  const page = usePage()
  const { search } = page
  const caret = useRef<number>(undefined)
  const [offers, setOffers] = useState<Offers>(NO_OFFERS)
  const text = search.text.value
  useLayoutEffect(() => {
    if (caret.current === undefined) return
    input.current?.setSelectionRange(caret.current, caret.current)
    caret.current = undefined
  })

  const offer = () => {
    const element = input.current
    if (element === null) return
    const at = element.selectionStart ?? 0
    setOffers(offersAt(element.value, at, contextOf(page)))
    if (element.value.slice(0, at).includes('$'))
      page.paths.refresh(() => document.activeElement === element && offer())
  }
  const accept = (position: number) => {
    const choice = offers.list[position]
    if (choice === undefined) return
    const next = accepted(text, choice)
    caret.current = next.caret
    search.type(next.text)
    setOffers(offersAt(next.text, next.caret, contextOf(page)))
  }
  const close = () => setOffers(NO_OFFERS)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (!onKey(event)) return
    event.preventDefault()
    event.stopPropagation()
  }
  const onKey = ({ key, shiftKey }: KeyboardEvent): boolean => {
    const isOpen = offers.list.length > 0
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      if (isOpen) setOffers(moved(offers, key === 'ArrowDown' ? 1 : -1))
      else if (key === 'ArrowDown') offer()
      return isOpen || key === 'ArrowDown'
    }
    if (key === 'Enter' || (key === 'Tab' && !shiftKey)) {
      if (isOpen && offers.active >= 0) accept(offers.active)
      else if (key === 'Enter') search.apply()
      else return false
      return true
    }
    if (key !== 'Escape') return false
    if (isOpen) close()
    else if (page.isSearching) search.stop()
    else if (text !== '') search.apply('')
    else document.getElementById(GRID_ID)?.focus()
    return true
  }

  return { offers, offer, accept, close, onKeyDown }
}

function contextOf({ session, paths }: PageState) {
  return {
    eventNames: session.eventNames,
    connections: session.status.value?.connections ?? [],
    paths: paths.current,
  }
}
