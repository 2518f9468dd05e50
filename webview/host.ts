/** The line to the editor: calls with answers, notifications, and the small state the editor keeps for the page. */
import { Failure } from '../src/shared/failure.ts'
import type { PanelNotifications, PanelToHostNotifications } from '../src/shared/protocol/notifications.ts'
import { type Port, RpcEndpoint, type RpcOptions } from '../src/shared/protocol/rpc.ts'
import type { PanelMethods } from '../src/shared/protocol.ts'
import type { HostWatch } from './host-watch.ts'

interface VsCodeApi {
  postMessage(message: unknown): void
  getState(): unknown
  setState(state: unknown): void
}

declare function acquireVsCodeApi(): VsCodeApi

type NoMethods = Record<never, { params: unknown; result: unknown }>

const NO_ANSWER = 'NO_ANSWER'

/** The line to the host; while it does not answer, calls are refused at once rather than lost. */
export class Host extends RpcEndpoint<NoMethods, PanelMethods, PanelToHostNotifications, PanelNotifications> {
  readonly #watch: HostWatch

  constructor(port: Port, options: RpcOptions<NoMethods, PanelNotifications>, watch: HostWatch) {
    super(port, options)
    this.#watch = watch
  }

  override call<K extends keyof PanelMethods & string>(
    method: K,
    params: PanelMethods[K]['params'],
    timeout?: number,
  ): Promise<PanelMethods[K]['result']> {
    if (method === 'ping' || this.#watch.silentSince.peek() === undefined)
      return super.call(method, params, timeout)
    const sentence = 'This was not done: the editor’s side does not answer. Try again when it does.'
    return Promise.reject(new Failure(NO_ANSWER, sentence))
  }

  /** Rejects what was asked of a host that has fallen silent. */
  giveUp(): void {
    const sentence = 'The editor’s side does not answer; whether this was done is not known.'
    this.rejectAll(new Failure(NO_ANSWER, sentence))
  }
}

/** What the editor may tell the page, at any time. */
export type HostListener = { readonly [K in keyof PanelNotifications]: (data: PanelNotifications[K]) => void }

export interface Keeper {
  load(): unknown
  save(state: unknown): void
}

/** Opens the line; call once, the editor hands its API out only once. */
export function openHost(
  listener: HostListener,
  watch: HostWatch,
): { readonly host: Host; readonly keeper: Keeper } {
  const api = acquireVsCodeApi()
  const host = new Host(
    {
      post: (message) => api.postMessage(message),
      onMessage: (receive) =>
        addEventListener('message', (event) => {
          watch.hear()
          receive(event.data)
        }),
    },
    { handlers: {}, onNotify: listener },
    watch,
  )
  return { host, keeper: { load: () => api.getState(), save: (state) => api.setState(state) } }
}
