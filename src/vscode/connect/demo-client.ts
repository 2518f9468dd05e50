/** The client's part of the demo's protocols, which the inspector does not speak by itself. */
import * as v from 'valibot'
import type { SessionEvent } from '../api.ts'

export const SCRIPT = v.object({
  /** What to send when the connection opens. */
  opening: v.array(v.string()),
  /** What to send when a message that matches the regular expression arrives; `$1` stands for its first group. */
  answers: v.array(v.object({ to: v.string(), texts: v.array(v.string()) })),
})

export type Script = v.InferOutput<typeof SCRIPT>

interface Answer {
  readonly to: RegExp
  readonly texts: readonly string[]
}

interface Part {
  readonly opening: readonly string[]
  readonly answers: readonly Answer[]
}

export interface DemoClientOptions {
  /** By the URL of the connection. */
  readonly scripts: ReadonlyMap<string, Script>
  readonly send: (connection: number, text: string) => void
}

export class DemoClient {
  readonly #parts: ReadonlyMap<string, Part>
  readonly #send: DemoClientOptions['send']
  readonly #byConnection = new Map<number, Part>()

  constructor({ scripts, send }: DemoClientOptions) {
    this.#parts = new Map([...scripts].map(([url, script]) => [url, partOf(script)]))
    this.#send = send
  }

  /** Sends what the script says about an event of the session. */
  hear({ type, connection, url, direction, text }: SessionEvent): void {
    if (connection === undefined) return
    if (type === 'connect') {
      const part = this.#parts.get(String(url))
      if (part === undefined) this.#byConnection.delete(connection)
      else this.#byConnection.set(connection, part)
      return
    }
    const part = this.#byConnection.get(connection)
    if (part === undefined) return
    if (type === 'open') for (const each of part.opening) this.#send(connection, each)
    if (type === 'message' && direction === 'in' && text !== undefined)
      for (const each of answersTo(text, part.answers)) this.#send(connection, each)
  }
}

function partOf({ opening, answers }: Script): Part {
  return { opening, answers: answers.map(({ to, texts }) => ({ to: new RegExp(to), texts })) }
}

function answersTo(text: string, answers: readonly Answer[]): string[] {
  for (const { to, texts } of answers) {
    const match = to.exec(text)
    if (match !== null) return texts.map((each) => each.replaceAll('$1', () => match[1] ?? ''))
  }
  return []
}
