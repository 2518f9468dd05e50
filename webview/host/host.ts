/** The program that shows the page: an editor, a test, a browser. Nothing else in the page knows which. */
import * as l10n from '@vscode/l10n'
import { Failure } from '../../src/shared/failure.ts'
import type { PanelNotifications, PanelToHostNotifications } from '../../src/shared/protocol/notifications.ts'
import { type Port, RpcEndpoint } from '../../src/shared/protocol/rpc.ts'
import type { PanelMethods } from '../../src/shared/protocol.ts'
import type { HostWatch } from './host-watch.ts'

/** What a page needs of the program that shows it. */
export interface PagePort extends Port {
  /** What `saveState` was last given, also after the page is loaded again. */
  loadState(): unknown
  saveState(state: unknown): void
}

type NoMethods = Record<never, { params: unknown; result: unknown }>

const NO_ANSWER = 'NO_ANSWER'

/** A handler for every notification that the host sends. */
export type HostListener = { readonly [K in keyof PanelNotifications]: (data: PanelNotifications[K]) => void }

/** The connection to the host. Calls fail at once while the host does not answer. */
export class Host extends RpcEndpoint<NoMethods, PanelMethods, PanelToHostNotifications, PanelNotifications> {
  readonly #watch: HostWatch

  constructor(port: Port, listener: HostListener, watch: HostWatch) {
    // First, so that the host counts as answering before the message is handled.
    port.onMessage(() => watch.hear())
    super(port, { handlers: {}, onNotify: listener })
    this.#watch = watch
  }

  override call<K extends keyof PanelMethods & string>(
    method: K,
    params: PanelMethods[K]['params'],
    timeout?: number,
  ): Promise<PanelMethods[K]['result']> {
    if (method === 'ping' || this.#watch.silentSince.peek() === undefined)
      return super.call(method, params, timeout)
    const sentence = l10n.t(
      'This was not done, because the extension does not respond. Try again when it does.',
    )
    return Promise.reject(new Failure(NO_ANSWER, sentence))
  }

  /** Rejects the calls to a host that has stopped answering. */
  giveUp(): void {
    const sentence = l10n.t('The extension does not respond, so this may not have been done.')
    this.rejectAll(new Failure(NO_ANSWER, sentence))
  }
}
