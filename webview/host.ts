/** The line to the editor: calls with answers, notifications, and the small state the editor keeps for the page. */
import { RpcEndpoint } from '../src/shared/protocol/rpc.ts'
import type { PanelMethods, PanelNotifications, PanelToHostNotifications } from '../src/shared/protocol.ts'

interface VsCodeApi {
  postMessage(message: unknown): void
  getState(): unknown
  setState(state: unknown): void
}

declare function acquireVsCodeApi(): VsCodeApi

type NoMethods = Record<never, { params: unknown; result: unknown }>

export type Host = RpcEndpoint<NoMethods, PanelMethods, PanelToHostNotifications, PanelNotifications>

/** What the editor may tell the page, at any time. */
export type HostListener = { readonly [K in keyof PanelNotifications]: (data: PanelNotifications[K]) => void }

export interface Keeper {
  load(): unknown
  save(state: unknown): void
}

/** Opens the line; call once, the editor hands its API out only once. */
export function openHost(listener: HostListener): { readonly host: Host; readonly keeper: Keeper } {
  const api = acquireVsCodeApi()
  const host: Host = new RpcEndpoint(
    {
      post: (message) => api.postMessage(message),
      onMessage: (receive) => addEventListener('message', (event) => receive(event.data)),
    },
    { handlers: {}, onNotify: listener },
  )
  return { host, keeper: { load: () => api.getState(), save: (state) => api.setState(state) } }
}
