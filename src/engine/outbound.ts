/** Makes the message to send from what the user composed or the file that they chose. */
import { readFile, stat } from 'node:fs/promises'
import { composeMessage, type TemplateMessage } from '../shared/compose/compose.ts'
import { placeholders, scopeNow, type Variables } from '../shared/compose/template.ts'
import { Failure } from '../shared/failure.ts'
import type { OutboundMessage } from '../shared/spec.ts'

export class Outbound {
  #counter = 0

  /**
   * Returns a function to call each time the message is sent. Both throw a `Failure` as `composeMessage` does. `current`
   * returns variables of the connection, which take precedence.
   */
  prepare(message: TemplateMessage, current: () => Variables = () => ({})): () => OutboundMessage {
    const { variables, text } = message
    const names = variables === undefined ? [] : placeholders(text)
    if (variables === undefined || names.length === 0) {
      const composed = composeMessage(message)
      return () => composed
    }
    const counts = names.includes('$counter')
    return () => {
      const composed = composeMessage(message, scopeNow({ ...variables, ...current() }, this.#counter + 1))
      // Counted after composing, so that a message that cannot be composed does not use up a number.
      if (counts) this.#counter++
      return composed
    }
  }
}

/** The bytes of a file as a binary message. Throws `TOO_LARGE` if they are more than `maxSize`. */
export async function fileMessage(file: string, maxSize: number): Promise<OutboundMessage> {
  const { size } = await stat(file)
  if (size > maxSize) {
    throw new Failure('TOO_LARGE', `The file has ${size} bytes; a message may have at most ${maxSize}.`)
  }
  return { opcode: 'binary', payload: await readFile(file) }
}
