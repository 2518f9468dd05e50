/** A preset that runs in an engine, as the editor runs it: the user answers its questions, and secrets are their names. */
import assert from 'node:assert/strict'
import { answeredText } from '../../../src/request/presets/preset.ts'
import { parsePreset, presetNamed } from '../../../src/request/presets/table.ts'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import type { ConnectionStatus } from '../../../src/shared/status.ts'
import { LiveEngine } from '../../support/live-engine.ts'
import { resolvedOnly } from '../file/resolved.ts'

/** A line of the session. */
export type Line = Readonly<Record<string, unknown>> & { readonly type: string; readonly text?: string }

/** Milliseconds before a reconnect. */
const SOON = 20

export class PresetRun {
  readonly #live = new LiveEngine({ keepsUp: true })
  #id = 0

  /** Connects. `answers` are the values of variables. Without another policy, it connects again soon. */
  async start(
    name: string,
    answers: Readonly<Record<string, string>>,
    more: Partial<ConnectionSpec> = { reconnect: SOON },
  ): Promise<this> {
    const preset = presetNamed(name) ?? assert.fail(name)
    const { file } = parsePreset(preset)
    const known = new Set(file.variables.map((variable) => variable.name.text))
    for (const variable of Object.keys(answers)) assert(known.has(variable), variable)
    const { spec, script, secrets } = await resolvedOnly(answeredText(file, new Map(Object.entries(answers))))
    const { handlers } = this.#live.engine
    this.#id = (await handlers.connect({ spec: { ...spec, ...more }, script, secrets })).id
    return this
  }

  get status(): ConnectionStatus {
    const { connections } = this.#live.engine.status()
    return connections.find(({ id }) => id === this.#id) ?? assert.fail('no connection')
  }

  async events(): Promise<readonly Line[]> {
    const { lines } = await this.#live.engine.handlers.lines({ from: 0, max: 10_000 })
    return lines.map((line) => JSON.parse(line))
  }

  async of(type: string): Promise<readonly Line[]> {
    return (await this.events()).filter((event) => event.type === type)
  }

  /** The texts of messages that were received. */
  async texts(): Promise<readonly string[]> {
    return (await this.of('message'))
      .filter(({ direction }) => direction === 'in')
      .map(({ text = '' }) => text)
  }

  /** Resolves when as many messages have come. */
  received(count: number): Promise<void> {
    return this.until(({ messagesIn }) => messagesIn >= count)
  }

  async until(condition: (status: ConnectionStatus) => boolean): Promise<void> {
    await this.#live.until(() => condition(this.status))
  }

  /** For `afterEach`. */
  close(): Promise<void> {
    return this.#live.close()
  }
}
