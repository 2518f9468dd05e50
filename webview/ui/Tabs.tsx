/** Tabs that show one of several panels (ARIA APG, tabs): the arrow keys move between them and select. */
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'

interface TabsProps<Id extends string> {
  /** What the tabs choose, for screen readers. */
  readonly name: string
  readonly tabs: readonly { readonly id: Id; readonly name: ComponentChildren }[]
  readonly selected: Id
  /** The id of the element that shows what is selected. */
  readonly controls: string
  /** The beginning of the ids of the tabs. */
  readonly prefix: string
  onSelect(id: Id): void
}

export function Tabs<Id extends string>(props: TabsProps<Id>) {
  const { name, tabs, selected, controls, prefix, onSelect } = props
  useEffect(() => {
    document.getElementById(`${prefix}-${selected}`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [prefix, selected])
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const at = tabs.findIndex(({ id }) => id === selected)
    const next = tabs[(at + step + tabs.length) % tabs.length]
    if (step === 0 || next === undefined) return
    event.preventDefault()
    onSelect(next.id)
    document.getElementById(`${prefix}-${next.id}`)?.focus()
  }
  return (
    <div class="tabs" role="tablist" aria-label={name} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          type="button"
          role="tab"
          id={`${prefix}-${tab.id}`}
          key={tab.id}
          aria-selected={tab.id === selected}
          aria-controls={controls}
          tabIndex={tab.id === selected ? 0 : -1}
          onClick={() => onSelect(tab.id)}
        >
          {tab.name}
        </button>
      ))}
    </div>
  )
}
