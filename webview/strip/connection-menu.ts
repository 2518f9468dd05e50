/** The menu of a connection, on its card and its lane. */
import * as l10n from '@vscode/l10n'
import { type ConnectionStatus, canEnd, isOwn } from '../../src/shared/status.ts'
import { schemeOf } from '../../src/shared/transports.ts'
import { isLive } from '../format/connection.ts'
import { formatCount } from '../format/count.ts'
import { shortLocation } from '../format/source-location.ts'
import { can } from '../state/can.ts'
import { proxyOf } from '../state/faults.ts'
import type { MenuItem } from '../state/menu.ts'
import type { PageState } from '../state/page.ts'
import { openDecoderMenu } from './decoder-menu.ts'

/** The names of the colors, in their order. */
const COLORS = [l10n.t('Blue'), l10n.t('Purple'), l10n.t('Teal'), l10n.t('Pink'), l10n.t('Gray')]

export function openConnectionMenu(page: PageState, connection: number, event: MouseEvent): void {
  event.preventDefault()
  const name = page.looks.nameOf(connection)
  const at = { x: event.clientX, y: event.clientY }
  const items = () => {
    const status = page.session.connection(connection)
    return status === undefined ? [] : itemsOf(page, status, at)
  }
  page.menu.value = { name, ...at, items }
}

function itemsOf(
  page: PageState,
  connection: ConnectionStatus,
  at: { readonly x: number; readonly y: number },
): readonly MenuItem[] {
  const { looks, session, exchanges } = page
  const { id, url, initiator } = connection
  const isOnly = session.scope.value.connection === id
  const command = schemeOf(url) === 'ws' ? 'websocat' : 'curl'
  const first = firstEventOf(page, id)
  return [
    {
      label: isOnly ? l10n.t('Show All Connections') : l10n.t('Show Only This Connection'),
      choose: () => page.toggleConnection(id),
    },
    ...(exchanges.rows.value.has(id)
      ? [
          {
            label: exchanges.folded.value.has(id)
              ? l10n.t('Show Requests on the Timeline')
              : l10n.t('Hide Requests on the Timeline'),
            choose: () => exchanges.toggle(id),
          },
        ]
      : []),
    ...(initiator === undefined || !can(page, 'goToCode')
      ? []
      : [
          {
            label: l10n.t('Go to Code ({0})', shortLocation(initiator)),
            choose: () => void page.call('goToCode', initiator, 0),
          },
        ]),
    'line',
    ...actions(page, connection),
    ...faultItems(page, connection),
    'line',
    {
      label: l10n.t('Decode As…'),
      isDisabled: first === undefined,
      choose: () => first !== undefined && void openDecoderMenu(page, id, first, at),
    },
    'line',
    { label: l10n.t('Rename…'), choose: () => looks.startRenaming(id) },
    ...COLORS.map((label, at) => ({
      label,
      isOn: looks.colorOf(id) === at + 1,
      choose: () => looks.paint(id, at + 1),
    })),
    'line',
    { label: l10n.t('Copy URL'), choose: () => page.copy(url) },
    {
      label: l10n.t('Copy as {0}', command),
      isDisabled: first === undefined,
      choose: () => first !== undefined && void page.call('copyAs', { index: first, form: command }, 0),
    },
  ]
}

function actions(page: PageState, connection: ConnectionStatus): MenuItem[] {
  const { id, state } = connection
  if (page.isRecording) return savingAsRequest(page, id)
  return [
    ...(isOwn(connection)
      ? [
          {
            label: l10n.t('Edit…'),
            choose: () => void page.connecting.openForm({ connection: id }),
          },
          {
            label: l10n.t('Duplicate'),
            choose: () => void page.call('connectAs', { id, transport: null, insecure: false }, 0),
          },
        ]
      : []),
    ...(page.savedRequests.of(id) === undefined
      ? []
      : [
          {
            label: l10n.t('Edit Request'),
            choose: () => void page.call('editRequest', { connection: id }),
          },
        ]),
    ...savingAsRequest(page, id),
    ...(state === 'open' || !isOwn(connection)
      ? []
      : [{ label: l10n.t('Reconnect'), choose: () => void page.call('reconnect', { id }) }]),
    ...(canEnd(connection)
      ? [
          {
            label: isOwn(connection) ? l10n.t('Disconnect') : l10n.t('Cut Now'),
            choose: () => void page.call('disconnect', { id }),
          },
        ]
      : []),
    ...(isLive(state)
      ? []
      : [{ label: l10n.t('Remove'), choose: () => void page.call('removeConnection', { id }) }]),
    ...restoring(page),
  ]
}

/** What can be done to a connection that goes through a proxy. */
function faultItems(page: PageState, connection: ConnectionStatus): MenuItem[] {
  const status = page.session.status.value
  if (page.isRecording || status === undefined || proxyOf(status, connection) === undefined) return []
  const { id } = connection
  const { shown } = page.faults
  return [
    {
      label: l10n.t('Faults on Purpose…'),
      isOn: shown.value === id,
      choose: () => {
        shown.value = shown.value === id ? undefined : id
      },
    },
  ]
}

function savingAsRequest(page: PageState, connection: number): MenuItem[] {
  if (!can(page, 'saveRequest')) return []
  return [
    {
      label: l10n.t('Save as Request…'),
      choose: () => void page.call('saveRequest', { source: { connection } }, 0),
    },
  ]
}

/** Brings back what was removed. */
export function restoring(page: PageState): MenuItem[] {
  const { removed = [] } = page.session.status.value ?? {}
  if (removed.length === 0) return []
  return [
    {
      label:
        removed.length === 1
          ? l10n.t('Restore the Removed Connection')
          : l10n.t('Restore {0} Removed Connections', formatCount(removed.length)),
      choose: () => void page.call('restoreRemoved', null),
    },
  ]
}

/** The first event of a connection that is kept. */
function firstEventOf({ session: { columns } }: PageState, connection: number): number | undefined {
  for (let index = columns.first; index < columns.end; index++) {
    const at = columns.at(index)
    if (at?.segment.connection[at.offset] === connection) return index
  }
  return undefined
}
