import * as l10n from '@vscode/l10n'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Completions } from './completion-list.ts'

interface CompletionListProps {
  readonly id: string
  readonly completions: Completions
  readonly choose: (position: number) => void
}

/** What can be inserted at the caret of a field. */
export function CompletionList({ id, completions, choose }: CompletionListProps) {
  const list = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    list.current?.children[completions.active]?.scrollIntoView({ block: 'nearest' })
  }, [completions])
  return (
    <div
      ref={list}
      id={id}
      class="filter-completions"
      role="listbox"
      aria-label={l10n.t('Completions')}
      hidden={completions.list.length === 0}
    >
      {completions.list.map(({ insert, detail }, position) => (
        <div
          key={insert}
          id={`${id}-${position}`}
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
