import * as l10n from '@vscode/l10n'
import { type ConnectionStatus, isOwn } from '../../src/shared/status.ts'
import type { MenuItem } from '../state/menu.ts'
import { type PageState, usePage } from '../state/page.ts'
import { IconButton } from '../ui/buttons.tsx'

/** A connection of ours that is not open, which the user can edit or retry. Undefined for others, and in recordings. */
export function fixable(page: PageState, id: number): ConnectionStatus | undefined {
  if (page.isRecording) return undefined
  const connection = page.session.connection(id)
  const isDown = connection !== undefined && ['failed', 'waiting', 'closed'].includes(connection.state)
  return isDown && isOwn(connection) ? connection : undefined
}

/** Edits or retries a connection, beside what says why it failed. */
export function FixButtons({ connection: { id } }: { connection: ConnectionStatus }) {
  const page = usePage()
  const name = page.looks.nameOf(id)
  return (
    <>
      <IconButton icon="edit" name={l10n.t('Edit {0}…', name)} onClick={() => edit(page, id)} />
      <IconButton icon="refresh" name={l10n.t('Retry {0}', name)} onClick={() => retry(page, id)} />
    </>
  )
}

/** The same in a menu. */
export function fixItems(page: PageState, id: number): MenuItem[] {
  return [
    { label: l10n.t('Edit Connection…'), choose: () => edit(page, id) },
    { label: l10n.t('Retry'), choose: () => retry(page, id) },
  ]
}

function edit(page: PageState, id: number): void {
  void page.connecting.openForm({ connection: id })
}

function retry(page: PageState, id: number): void {
  void page.call('reconnect', { id })
}
