/** Connects the panel to the engine of a recording, as `src/vscode/panel/panel-view.ts` does in the editor. */

import type {
  EngineNotifications,
  PageAction,
  PanelNotifications,
  PanelToHostNotifications,
} from '../../../src/shared/protocol/notifications.ts'
import {
  type Handlers,
  type Methods,
  type Notification,
  RpcEndpoint,
} from '../../../src/shared/protocol/rpc.ts'
import type { PanelContext, PanelMethods } from '../../../src/shared/protocol.ts'
import { ConnectionLabels } from '../../../src/vscode/session/connection-labels.ts'
import type { Opening } from '../engine/protocol.ts'
import { EngineConnection } from './engine-connection.ts'
import { panelCalls } from './panel-calls.ts'

/** The notifications of the engine that concern the panel. */
const FORWARDED = ['delta', 'status', 'reset', 'rewind', 'decoded'] as const

export class PanelHost {
  readonly #name: string
  readonly #engine: EngineConnection
  readonly #labels = new ConnectionLabels({ status: undefined, on: () => {} })
  readonly #endpoint: RpcEndpoint<PanelMethods, Methods, PanelNotifications, PanelToHostNotifications>
  #receive: (message: unknown) => void = () => {}
  /** Whether the panel has the whole status, which later ones change. */
  #isFollowing = false

  /** Call `receive` with the messages of the panel, also with those from before. */
  constructor(opening: Opening) {
    this.#name = opening.name
    this.#engine = new EngineConnection(opening, {
      onNotification: (notification) => this.#forward(notification),
      onFailure: (message) =>
        this.#endpoint.notify('failed', {
          message: `The recording can no longer be read (${message}); open it again.`,
        }),
    })
    const handlers = this.#handlers()
    this.#endpoint = new RpcEndpoint<PanelMethods, Methods, PanelNotifications, PanelToHostNotifications>(
      {
        // The panel listens to messages of the window.
        post: (data) => dispatchEvent(new MessageEvent('message', { data })),
        onMessage: (listener) => {
          this.#receive = listener
        },
      },
      {
        // The panel does not offer what is missing: see `can` in `webview/state/can.ts`.
        handlers: handlers as Handlers<PanelMethods>,
        onNotify: { acknowledge: () => this.#engine.acknowledge() },
      },
    )
    this.#labels.onChange(() => this.#endpoint.notify('labels', this.#labels.all))
  }

  receive(message: unknown): void {
    this.#receive(message)
  }

  /** Does in the panel what is a command of the editor. */
  act(action: PageAction): void {
    this.#endpoint.notify('act', action)
  }

  #handlers(): Partial<Handlers<PanelMethods>> {
    const engine = this.#engine
    const handlers: Partial<Handlers<PanelMethods>> = {
      ...panelCalls({ name: this.#name, call: (method, params) => engine.call(method, params) }),
      labelConnection: (change) => {
        if ('name' in change) this.#labels.rename(change.id, change.name)
        else this.#labels.paint(change.id, change.color)
      },
      ready: async ({ from, fromEventName }): Promise<PanelContext> => {
        this.#endpoint.notify('status', await engine.call('status', null))
        this.#isFollowing = true
        await engine.call('subscribe', { from, fromEventName })
        return {
          kind: 'file',
          name: this.#name,
          trusted: true,
          calls: Object.keys(handlers) as (keyof PanelMethods)[],
        }
      },
    }
    return handlers
  }

  #forward(notification: Notification<EngineNotifications>): void {
    const name = FORWARDED.find((each) => each === notification.name)
    if (name !== undefined && this.#isFollowing)
      this.#endpoint.notify(name, notification.data as PanelNotifications[typeof name])
  }
}
