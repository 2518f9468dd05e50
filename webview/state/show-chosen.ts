/** Shows what the user has chosen in the rest of the window: a connection, one of its events, or all connections. */
import type { PanelNotifications } from '../../src/shared/protocol/notifications.ts'
import type { ConnectingStore } from './connecting.ts'
import type { ConnectionLooks } from './connection-looks.ts'
import { eventAt } from './expectation-marks.ts'
import type { SessionStore } from './session.ts'

/** What of the page it needs. */
interface Shown {
  readonly session: SessionStore
  readonly looks: ConnectionLooks
  readonly connecting: ConnectingStore
  show(view: 'events'): void
  reveal(index: number): void
}

export function showChosen(
  page: Shown,
  { connection: chosen, how, event }: PanelNotifications['showConnection'],
): void {
  const { scope, columns } = page.session
  const connection = chosen ?? undefined
  const scopeTo = () => {
    page.show('events')
    page.session.setScope({ ...scope.value, connection })
  }
  if (connection === undefined || how === 'only') {
    scopeTo()
    const index = connection === undefined ? undefined : event && eventAt(connection, event, columns)
    if (index !== undefined) page.reveal(index)
  } else if (how === 'edit') void page.connecting.openForm({ connection })
  else {
    const { connection: shown } = scope.value
    if (shown !== undefined && shown !== connection) scopeTo()
    page.looks.revealed.value = { connection }
  }
}
