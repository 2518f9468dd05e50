/** A button and the popover that it opens. Escape, a press elsewhere and the focus going elsewhere close it. */
import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { focusHere } from '../state/keyboard.ts'
import { Icon } from './Icon.tsx'

interface PopoverProps {
  readonly icon: string
  readonly name: string
  readonly children: (close: () => void) => ComponentChildren
}

const ENTRY = '[data-entry]'
/** The element that gets the focus when the popover opens: one that asks for it, else the first. */
const FIRST = ['[data-first]', `${ENTRY}, input, button`]

/** Moves the focus between entries. Returns false if the key does something else. */
function moveFocus(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): boolean {
  const target = event.target as HTMLElement
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0 || (target instanceof HTMLInputElement && target.dataset.first === undefined)) return false
  const entries = [...event.currentTarget.querySelectorAll<HTMLElement>(ENTRY)]
  const at = entries.findIndex((entry) => entry.closest('li')?.contains(target))
  const next = at === -1 ? (step === 1 ? 0 : entries.length - 1) : at + step
  entries[Math.max(0, Math.min(next, entries.length - 1))]?.focus()
  return true
}

export function Popover({ icon, name, children }: PopoverProps) {
  const [isOpen, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)
  const id = useId()
  const close = () => {
    // The element with the focus is about to be removed.
    if (panel.current?.contains(document.activeElement)) button.current?.focus()
    setOpen(false)
  }

  // Before the next key, which is meant for the popover.
  useLayoutEffect(() => {
    if (!isOpen) return
    const first = FIRST.map((what) => panel.current?.querySelector<HTMLElement>(what)).find(Boolean)
    focusHere(first ?? panel.current)
    const onPress = (event: Event) => {
      if (event.target instanceof Node && root.current?.contains(event.target) === false) setOpen(false)
    }
    document.addEventListener('pointerdown', onPress)
    return () => document.removeEventListener('pointerdown', onPress)
  }, [isOpen])

  const onKeyDown = (event: KeyboardEvent & { readonly currentTarget: HTMLElement }) => {
    if (event.key === 'Escape' && isOpen) {
      close()
      button.current?.focus()
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
      <button
        type="button"
        class="icon-button"
        ref={button}
        title={name}
        aria-label={name}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name={icon} />
      </button>
      {isOpen && (
        <div class="popover" role="dialog" id={id} aria-label={name} tabIndex={-1} ref={panel}>
          {children(close)}
        </div>
      )}
    </div>
  )
}
