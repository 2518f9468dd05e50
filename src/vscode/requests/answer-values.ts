/** The variables that messages have set (`# @set`), for later requests of the same file, until the window closes. */
import * as vscode from 'vscode'
import type { Variables } from '../../shared/compose/template.ts'
import { forgetOldest } from '../../shared/maps.ts'

/** Files whose values are kept: those that changed last. */
const MAX_FILES = 200

export class AnswerValues {
  readonly #values = new Map<string, Variables>()
  readonly #changed = new vscode.EventEmitter<void>()

  readonly onChange = this.#changed.event

  dispose(): void {
    this.#changed.dispose()
  }

  /** The values of a file, by the names of the variables. They may be secret. */
  of(uri: vscode.Uri): Variables {
    return this.#values.get(uri.toString()) ?? {}
  }

  /** The files that have values, the one that changed last at the end. */
  files(): readonly vscode.Uri[] {
    return [...this.#values.keys()].map((uri) => vscode.Uri.parse(uri, true))
  }

  /** Adds what messages have set. The newest value of a variable wins. */
  add(uri: vscode.Uri, values: Variables): void {
    const before = this.of(uri)
    if (Object.entries(values).every(([name, value]) => before[name] === value)) return
    const key = uri.toString()
    this.#values.delete(key)
    this.#values.set(key, { ...before, ...values })
    forgetOldest(this.#values, MAX_FILES)
    this.#changed.fire()
  }

  clear(uri: vscode.Uri): void {
    if (this.#values.delete(uri.toString())) this.#changed.fire()
  }
}
