/** The status bar item of what is served: how many clients there are. */
import * as vscode from 'vscode'
import type { CommandId } from '../contributions.ts'
import { describe, type Server } from '../serving/server.ts'

const COMMAND: CommandId = 'realtimeInspector.showServers'

export class ServingItem {
  readonly #item = vscode.window.createStatusBarItem(
    'realtimeInspector.serving',
    vscode.StatusBarAlignment.Left,
  )

  constructor() {
    this.#item.name = 'Realtime Inspector: Served Sessions'
    this.#item.command = COMMAND
  }

  /** Shows these; hidden where there are none. */
  update(servers: readonly Server[]): void {
    if (servers.length === 0) {
      this.#item.hide()
      return
    }
    const clients = servers.reduce((sum, { state }) => sum + state.clients, 0)
    const text = `${clients} ${clients === 1 ? 'client' : 'clients'}`
    this.#item.text = `$(broadcast) ${text}`
    this.#item.tooltip = [
      'Sessions served:',
      ...servers.map((each) => `${each.name}: ${describe(each)}`),
    ].join('\n')
    this.#item.accessibilityInformation = { label: `Realtime Inspector serves sessions to ${text}` }
    this.#item.show()
  }

  dispose(): void {
    this.#item.dispose()
  }
}
