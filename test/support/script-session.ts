/** A live engine with one connection that runs the script of a request. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { WebSocket } from 'ws'
import type { RequestScript, ScriptStatus, ScriptStep } from '../../src/shared/request-script.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { LiveEngine } from './live-engine.ts'
import { serveWebSocket } from './loopback.ts'

export const WAIT: ScriptStep = { kind: 'wait' }

/** A step that sends text, with its placeholders filled. */
export function text(content: string): ScriptStep {
  return { kind: 'send', message: { format: 'text', text: content, variables: {} } }
}

export class ScriptSession {
  readonly live = new LiveEngine()
  id = 0

  get handlers() {
    return this.live.engine.handlers
  }

  /** Opens a connection. The script gets what is not given: no steps, values or variables. */
  async connect(
    spec: ConnectionSpec,
    script: Partial<RequestScript>,
    secrets: readonly string[] = [],
  ): Promise<void> {
    const whole = { steps: [], values: [], variables: {}, ...script }
    this.id = (await this.handlers.connect({ spec, script: whole, secrets })).id
  }

  /** Connects to a new WebSocket server. Resolves to its end, and the messages that it gets from then on. */
  async open(
    script: Partial<RequestScript>,
    spec: Partial<ConnectionSpec> = {},
  ): Promise<{ readonly peer: WebSocket; readonly got: string[] }> {
    const got: string[] = []
    const peers: WebSocket[] = []
    const url = await serveWebSocket((peer) => {
      peer.on('message', (data) => {
        got.push(String(data))
        peer.emit('got')
      })
      peers.push(peer)
    })
    await this.connect({ url, ...spec }, script)
    await this.live.until(() => this.connection.state === 'open')
    return { peer: peers[0] ?? assert.fail('nobody connected'), got }
  }

  get connection(): ConnectionStatus {
    const { connections } = this.live.engine.status()
    return connections.find(({ id }) => id === this.id) ?? assert.fail('no connection')
  }

  get status(): ScriptStatus {
    return this.connection.script ?? assert.fail('no script')
  }

  /** Waits until a status of the script fulfills the condition. */
  async until(condition: (status: ScriptStatus) => boolean): Promise<void> {
    await this.live.until(() => {
      const { script } = this.connection
      return script !== undefined && condition(script)
    })
  }

  /** The events so far, as lines of the session file. */
  async events(): Promise<Record<string, unknown>[]> {
    const { lines } = await this.handlers.lines({ from: 0, max: 10_000 })
    return lines.map((line) => JSON.parse(line))
  }
}

/** Waits until a peer has got as many messages. */
export async function receives(peer: WebSocket, got: readonly string[], count: number): Promise<void> {
  while (got.length < count) await once(peer, 'got')
}
