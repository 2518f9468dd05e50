import * as l10n from '@vscode/l10n'
import type { ComponentChildren } from 'preact'
import { eventCount, formatCount } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { Chip, IconButton } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'

/** What the user cleared or removed and can have back. */
export function Undo() {
  return (
    <div role="status">
      <Cleared />
      <Removed />
    </div>
  )
}

function Cleared() {
  const page = usePage()
  const { cleared } = page.session.status.value ?? {}
  if (cleared === undefined) return null
  return (
    <Undoable
      icon="clear-all"
      undo={l10n.t('Undo Clear')}
      onUndo={() => void page.call('settleCleared', { undo: true }, 0)}
      onDismiss={() => void page.call('settleCleared', { undo: false })}
    >
      {l10n.t('Cleared {0}.', eventCount(cleared.events))}
    </Undoable>
  )
}

function Removed() {
  const page = usePage()
  const { removed = [] } = page.session.status.value ?? {}
  const [first, ...others] = removed
  if (first === undefined || page.isRemovalSeen(removed)) return null
  return (
    <Undoable
      icon="trash"
      undo={l10n.t('Undo Remove')}
      onUndo={() => void page.call('restoreRemoved', null)}
      onDismiss={() => page.seeRemoval(removed)}
    >
      {others.length === 0
        ? l10n.t('Removed {0}. Its events are hidden, but still saved.', page.looks.nameOf(first.id))
        : l10n.t(
            'Removed {0} connections. Their events are hidden, but still saved.',
            formatCount(removed.length),
          )}
    </Undoable>
  )
}

interface UndoableProps {
  readonly icon: string
  /** The name of the button for screen readers. */
  readonly undo: string
  readonly children: ComponentChildren
  onUndo(): void
  onDismiss(): void
}

function Undoable({ icon, undo, children, onUndo, onDismiss }: UndoableProps) {
  return (
    <p class="notice tone-quiet undoable">
      <Icon name={icon} />
      <span>{children}</span>
      <Chip aria-label={undo} onClick={onUndo}>
        {l10n.t('Undo')}
      </Chip>
      <IconButton icon="close" name={l10n.t('Dismiss')} onClick={onDismiss} />
    </p>
  )
}
