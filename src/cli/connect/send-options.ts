/** Options that send messages when the connection opens, in the order in which they are given. */
import { Option } from 'commander'
import { type ComposedMessage, composeMessage } from '../../shared/compose/compose.ts'
import { repeated } from '../option-values.ts'

/** A message, or a file that holds it, with its place among all messages of the command line. */
export interface GivenMessage {
  readonly place: number
  readonly message: ComposedMessage | { readonly file: string }
}

export interface SendOptions {
  readonly send?: readonly GivenMessage[]
  readonly sendBase64?: readonly GivenMessage[]
  readonly sendHex?: readonly GivenMessage[]
  readonly sendFile?: readonly GivenMessage[]
}

const IN_ORDER = 'repeatable, sent in order with the others'

/** `--send`, `--send-hex`, `--send-base64` and `--send-file`. `when` the messages are sent continues a sentence. */
export function sendOptions(when: string): Option[] {
  let count = 0
  const option = (flags: string, what: string, read: (given: string) => GivenMessage['message']) =>
    new Option(flags, what).argParser(repeated((given) => ({ place: count++, message: read(given) })))
  return [
    option('--send <TEXT>', `send this text message ${when}; ${IN_ORDER}`, (text) => ({
      format: 'text',
      text,
    })),
    option('--send-hex <HEX>', `as --send, a binary message of these bytes; ${IN_ORDER}`, (text) =>
      checked({ format: 'hex', text }),
    ),
    option('--send-base64 <BASE64>', `as --send, a binary message of these bytes; ${IN_ORDER}`, (text) =>
      checked({ format: 'base64', text }),
    ),
    option(
      '--send-file <FILE>',
      `as --send, the content of a file: as text if it is UTF-8 without control characters, else as binary; ${IN_ORDER}`,
      (file) => ({ file }),
    ),
  ]
}

/** The message. Throws a `Failure` if it cannot be sent. */
function checked(message: ComposedMessage): ComposedMessage {
  composeMessage(message)
  return message
}
