/** A tab of the details. */
import type { DecodedBytes, DecodedConversation, DecodedMessage } from '../../src/shared/protocol/decoding.ts'
import type { Related } from '../../src/shared/protocol/payloads.ts'
import type { EventDetail } from '../../src/shared/protocol.ts'
import type { PayloadView } from './payload-view.ts'

export interface TabProps {
  readonly detail: EventDetail
  /** Undefined if the event has no payload. */
  readonly view: PayloadView | undefined
  /** Undefined until known. */
  readonly related: Related | undefined
  /** Undefined until known. */
  readonly decoded: DecodedMessage | undefined
  /** Null or undefined until known. */
  readonly bytes: DecodedBytes | null | undefined
  /** Null if the event is not part of one. Undefined until known. */
  readonly conversation: DecodedConversation | null | undefined
}

export interface TabTraits {
  readonly name: string
  /** Undefined for the tab that shows a stream instead of an event. */
  readonly Content?: (props: TabProps) => preact.JSX.Element | null
}
