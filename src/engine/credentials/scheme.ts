/** How credentials of one kind are sent. One for each connection: it lives through all its attempts. */
import type { Authorize } from '../../shared/authorization.ts'
import type { RequestHook } from '../../transport/request-hook.ts'

/** Called only for the origin that the URL of the connection names. */
export type Scheme = RequestHook

export interface SchemeHost {
  /** Masks what the latest request was sent with, such as a signature. Values of earlier requests are soon forgotten. */
  hold(values: readonly string[]): void
  /** Undefined if nothing fetches tokens here. */
  readonly authorize: Authorize | undefined
}
