/** Tells the live panel's page which connection the user has chosen elsewhere, at once or when it has loaded. */
import type { EventPlace } from '../../shared/expectation.ts'
import type { PanelNotifications, ShowHow } from '../../shared/protocol/notifications.ts'
import type { Page } from './panel-feed.ts'
import type { SideChannel } from './side-channels.ts'

export class ShownConnection implements SideChannel {
  #wanted: PanelNotifications['showConnection'] | undefined
  readonly #listeners = new Set<(change: unknown) => void>()

  readonly onChange = (listener: (change: unknown) => void): { dispose(): void } => {
    this.#listeners.add(listener)
    return { dispose: () => void this.#listeners.delete(listener) }
  }

  /** Shows a connection, or with null all of them, and selects an event. The user can change that in the page. */
  show(connection: number | null, how: ShowHow = 'only', event?: EventPlace): void {
    this.#wanted = { connection, how, ...(event !== undefined && { event }) }
    for (const listener of this.#listeners) listener(undefined)
  }

  /** A page that is loaded later does not get it again. */
  send(page: Page): void {
    if (this.#wanted !== undefined) page.notify('showConnection', this.#wanted)
    this.#wanted = undefined
  }
}
