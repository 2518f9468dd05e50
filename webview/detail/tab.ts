import type { Related } from '../../src/shared/protocol/payloads.ts'
import type { EventDetail } from '../../src/shared/protocol.ts'

/** What every tab of the details is given. */
export interface TabProps {
  readonly detail: EventDetail
  /** Undefined until it is known. */
  readonly related: Related | undefined
}
