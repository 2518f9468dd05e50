/** What the user composed or chose, made into the message that goes out. */
import { readFile, stat } from 'node:fs/promises'
import { composeMessage, type TemplateMessage } from '../shared/compose/compose.ts'
import { placeholders, scopeNow } from '../shared/compose/template.ts'
import { Failure } from '../shared/failure.ts'
import type { OutboundMessage } from '../shared/spec.ts'

export class Outbound {
  #counter = 0

  /** Called for each time the message is sent. Throws a `Failure` as `composeMessage` does. */
  prepare(message: TemplateMessage): () => OutboundMessage {
    const { variables, text } = message
    const names = variables === undefined ? [] : placeholders(text)
    if (variables === undefined || names.length === 0) {
      const composed = composeMessage(message)
      return () => composed
    }
    const counts = names.includes('$counter')
    return () => {
      const composed = composeMessage(message, scopeNow(variables, this.#counter + 1))
      // A message that cannot be sent leaves no hole in the count.
      if (counts) this.#counter++
      return composed
    }
  }
}

/** A file's bytes as a binary message. Throws `TOO_LARGE` beyond `maxSize` bytes. */
export async function fileMessage(file: string, maxSize: number): Promise<OutboundMessage> {
  const { size } = await stat(file)
  if (size > maxSize) {
    throw new Failure('TOO_LARGE', `The file has ${size} bytes; a message may have at most ${maxSize}.`)
  }
  return { opcode: 'binary', payload: await readFile(file) }
}
