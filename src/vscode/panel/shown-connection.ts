/** Tells the live panel's page which connection or view the user has chosen elsewhere, at once or when it has loaded. */
import type { EventPlace } from '../../shared/expectation.ts'
import type { PageAction, PanelNotifications, ShowHow } from '../../shared/protocol/notifications.ts'
import type { Page } from './panel-feed.ts'
import type { SideChannel } from './side-channels.ts'

export class ShownConnection implements SideChannel {
  #wanted: PanelNotifications['showConnection'] | undefined
  #action: PageAction | undefined
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

  /** The page does what a command says. */
  act(action: PageAction): void {
    this.#action = action
    for (const listener of this.#listeners) listener(undefined)
  }

  /** A page that is loaded later does not get it again. */
  send(page: Page): void {
    if (this.#wanted !== undefined) page.notify('showConnection', this.#wanted)
    if (this.#action !== undefined) page.notify('act', this.#action)
    this.#wanted = undefined
    this.#action = undefined
  }
}
