/** Whether an agent may open a connection, send, or end one: by the options of the command, or because the user says so. */
import type { Question } from '../../agents/tool.ts'
import { Failure } from '../../shared/failure.ts'
import { isLoopback } from '../../shared/loopback.ts'
import { shortened } from '../../shared/text/shortened.ts'

/** Hosts that `--allow` names for all of their kind. */
export const ANY = 'any'
export const LOOPBACK = 'loopback'

const MAX_SHOWN = 500

export interface Answer {
  readonly allowed: boolean
  /** Do not ask again about this host. */
  readonly always: boolean
}

export class Permission {
  readonly #allowed: Set<string>
  readonly #ask: ((message: string, host: string) => Promise<Answer>) | undefined

  /** `allowed` are hosts, with or without a port, `loopback` or `any`. `ask` is undefined if nobody can be asked. */
  constructor(
    allowed: Iterable<string>,
    ask: ((message: string, host: string) => Promise<Answer>) | undefined,
  ) {
    this.#allowed = new Set([...allowed].map((each) => each.toLowerCase()))
    this.#ask = ask
  }

  /** Rejects with NOT_ALLOWED or REFUSED. */
  async require(question: Question): Promise<void> {
    const { host, hostname } = new URL(question.url)
    if (this.#allows(host, hostname)) return
    const what = sentenceOf(question)
    if (this.#ask === undefined)
      throw new Failure(
        'NOT_ALLOWED',
        `${what.slice(0, -1)} needs the user's permission, and your client cannot ask for it. Ask the user to start the server with: realtime-inspector mcp --allow ${host}`,
      )
    const { allowed, always } = await this.#ask(what, host)
    if (!allowed) throw new Failure('REFUSED', `The user did not allow it: ${what}`)
    if (always) this.#allowed.add(host)
  }

  #allows(host: string, hostname: string): boolean {
    const allowed = this.#allowed
    if (allowed.has(ANY) || allowed.has(host) || allowed.has(hostname)) return true
    return allowed.has(LOOPBACK) && isLoopback(hostname)
  }
}

/** What the user is asked, or reads in a refusal. */
function sentenceOf(question: Question): string {
  const url = shortened(question.url, MAX_SHOWN)
  switch (question.about) {
    case 'connect': {
      const { transport, headers } = question
      const by = transport === 'auto' ? '' : ` by ${transport}`
      const fields =
        headers.length === 0 ? '' : ` with the header fields ${shortened(headers.join(', '), MAX_SHOWN)}`
      return `Opening a connection to ${url}${by}${fields}.`
    }
    case 'send':
      return `Sending ${question.bytes} bytes to ${url}: ${JSON.stringify(shortened(question.text, MAX_SHOWN))}.`
    case 'disconnect':
      return `Ending the connection to ${url}.`
  }
}
