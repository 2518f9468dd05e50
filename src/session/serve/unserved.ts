/** Counts the parts of a session that are not served, and describes them in one sentence for each reason. */
import { nounFor } from '../../shared/text/quantities.ts'

interface Left {
  /** The first connection concerned, and the number of connections. */
  readonly first: number
  connections: number
  messages: number
}

export class Unserved {
  readonly #connections = new Map<string, Left>()
  readonly #messages = new Map<string, Left>()

  /** Adds a connection that is not served, with its number of inbound messages. `why` ends the sentence. */
  connection(id: number, messages: number, why: string): void {
    add(this.#connections, why, id, messages)
  }

  /** Adds inbound messages that are not served, of a connection that is. */
  messages(id: number, messages: number, why: string): void {
    if (messages > 0) add(this.#messages, why, id, messages)
  }

  notes(): string[] {
    return [
      ...[...this.#connections].map(([why, { first, connections, messages }]) =>
        connections === 1
          ? `Connection ${first} (${count(messages)}) is not served: ${why}.`
          : `${connections} connections (${count(messages)}), starting with connection ${first}, are not served: ${why}.`,
      ),
      ...[...this.#messages].map(
        ([why, { first, connections, messages }]) =>
          `${count(messages)} of ${connections === 1 ? `connection ${first}` : `${connections} connections, starting with connection ${first},`} ${messages === 1 ? 'is' : 'are'} not served: ${why}.`,
      ),
    ]
  }
}

function add(to: Map<string, Left>, why: string, first: number, messages: number): void {
  const left = to.get(why) ?? { first, connections: 0, messages: 0 }
  left.connections++
  left.messages += messages
  to.set(why, left)
}

function count(messages: number): string {
  return `${messages} ${nounFor(messages, 'message')}`
}
