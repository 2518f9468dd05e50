/** The requests of the workspace's files, and those that connections belong to. */
import { signal } from '@preact/signals'
import {
  type ConnectionRequest,
  NO_REQUESTS,
  type SavedRequests,
} from '../../src/shared/protocol/saved-requests.ts'

export class SavedRequestStore {
  readonly current = signal<SavedRequests>(NO_REQUESTS)

  /** The request that opened a connection; undefined if it was opened otherwise. */
  of(connection: number | undefined): ConnectionRequest | undefined {
    return this.current.value.ofConnections.find((each) => each.connection === connection)
  }
}
