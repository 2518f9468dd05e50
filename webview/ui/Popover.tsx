/** A button and the popover that it opens. Escape, a press elsewhere and the focus going elsewhere close it. */
import { type ComponentChildren, createContext } from 'preact'
import { useContext, useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { focusHere } from '../state/keyboard.ts'
import { IconButton } from './buttons.tsx'

interface PopoverProps {
  readonly icon: string
  readonly name: string
  /** Rendered while the popover is open. */
  readonly children: ComponentChildren
}

/** What the content of a popover does with it. */
interface PopoverControl {
  close(): void
  /** Keeps the focus in the popover if the element that has it is removed: moves it to the first one in the next frame. */
  refocus(): void
}

const ENTRY = '[data-entry]'
const CHECKBOX = '[type=checkbox]'
/** What gets the focus while the popover is open: the first of these. */
const ANY = [ENTRY, 'input, button']
/** What gets it when the popover opens: an element that asks for it, else a search field. */
const FIRST = ['[data-first]', '[data-search]', ...ANY]

const Control = createContext<PopoverControl>({ close: () => {}, refocus: () => {} })

/** The popover around a component. */
export function usePopover(): PopoverControl {
  return useContext(Control)
}

/** Moves the focus between entries, or between their checkboxes. Returns false if the key does something else. */
function moveFocus(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): boolean {
  const target = event.target as HTMLElement
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  const isCheckbox = target.matches(CHECKBOX)
  const isField = target instanceof HTMLInputElement && !isCheckbox
  if (step === 0 || target instanceof HTMLSelectElement) return false
  if (isField && target.dataset.first === undefined && target.dataset.search === undefined) return false
  const entries = [
    ...event.currentTarget.querySelectorAll<HTMLElement>(isCheckbox ? `li ${CHECKBOX}` : ENTRY),
  ]
  const at = entries.findIndex((entry) => entry.closest('li')?.contains(target))
  const next = at === -1 ? (step === 1 ? 0 : entries.length - 1) : at + step
  entries[Math.max(0, Math.min(next, entries.length - 1))]?.focus()
  return true
}

export function Popover({ icon, name, children }: PopoverProps) {
  const [isOpen, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const panel = useRef<HTMLDivElement>(null)
  const id = useId()
  const focusButton = () => root.current?.querySelector('button')?.focus()
  const focusOn = (wanted: readonly string[]) => {
    const first = wanted.map((what) => panel.current?.querySelector<HTMLElement>(what)).find(Boolean)
    focusHere(first ?? panel.current)
  }
  const close = () => {
    // The element with the focus is about to be removed.
    if (panel.current?.contains(document.activeElement)) focusButton()
    setOpen(false)
  }

  // Before the next key, which is meant for the popover.
  useLayoutEffect(() => {
    if (!isOpen) return
    focusOn(FIRST)
    const onPress = (event: Event) => {
      if (event.target instanceof Node && root.current?.contains(event.target) === false) setOpen(false)
    }
    document.addEventListener('pointerdown', onPress)
    return () => document.removeEventListener('pointerdown', onPress)
  }, [isOpen])

  const onKeyDown = (event: KeyboardEvent & { readonly currentTarget: HTMLElement }) => {
    if (event.key === 'Escape' && isOpen) {
      close()
      focusButton()
    } else if (!isOpen || !moveFocus(event)) return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the controls inside.
    <div
      class="popover-root"
      ref={root}
      onKeyDown={onKeyDown}
      onFocusOut={({ relatedTarget }) => {
        if (relatedTarget instanceof Node && root.current?.contains(relatedTarget) === false) close()
      }}
    >
      <IconButton
        icon={icon}
        name={name}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      />
      {isOpen && (
        <div class="popover" role="dialog" id={id} aria-label={name} tabIndex={-1} ref={panel}>
          <Control.Provider value={{ close, refocus: () => requestAnimationFrame(() => focusOn(ANY)) }}>
            {children}
          </Control.Provider>
        </div>
      )}
    </div>
  )
}

interface PopoverEntryProps {
  readonly title?: string
  readonly onPick: () => void
  readonly children: ComponentChildren
}

/** A choice in a popover, which closes it. */
export function PopoverEntry({ title, onPick, children }: PopoverEntryProps) {
  const { close } = usePopover()
  const pick = () => {
    close()
    onPick()
  }
  return (
    <button type="button" class="entry" data-entry title={title} onClick={pick}>
      {children}
    </button>
  )
}
