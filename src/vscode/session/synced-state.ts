/** What Settings Sync carries to the other machines of the user: saved filters, and saved messages. */
import type { Memento } from 'vscode'
import { MESSAGES_KEY } from './composer-shelf.ts'
import { FILTERS_KEY } from './saved-filters.ts'

/** Secrets, their names, and the URLs that the user connects to stay on the machine. */
export function syncState(globalState: Memento & { setKeysForSync(keys: readonly string[]): void }): void {
  globalState.setKeysForSync([FILTERS_KEY, MESSAGES_KEY])
}
