import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { focusHere } from '../state/keyboard.ts'

interface DialogProps {
  readonly class: string
  readonly name: string
  readonly onClose: () => void
  readonly children: ComponentChildren
}

/** A modal dialog. It gives the focus back to where it was. */
export function Dialog({ class: look, name, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const before = document.activeElement
    dialog.current?.showModal()
    return () => {
      if (before instanceof HTMLElement) focusHere(before)
    }
  }, [])
  return (
    <dialog ref={dialog} class={look} aria-label={name} onClose={onClose}>
      {children}
    </dialog>
  )
}
