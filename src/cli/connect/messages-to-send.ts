/** The messages that the options `--send…` give. */
import type { ComposedMessage } from '../../shared/compose/compose.ts'
import { hasControls } from '../../shared/text/controls.ts'
import { decodeUtf8 } from '../../shared/text/decode.ts'
import { readOptionFile } from './option-files.ts'
import type { SendOptions } from './send-options.ts'

/** The messages in order. Throws a `UsageError` if a file cannot be read. */
export function readMessages(options: SendOptions): Promise<ComposedMessage[]> {
  const { send = [], sendBase64 = [], sendHex = [], sendFile = [] } = options
  const given = [...send, ...sendBase64, ...sendHex, ...sendFile].sort((a, b) => a.place - b.place)
  return Promise.all(given.map(({ message }) => ('file' in message ? messageIn(message.file) : message)))
}

async function messageIn(file: string): Promise<ComposedMessage> {
  const bytes = await readOptionFile(file, '--send-file')
  const text = hasControls(bytes) ? undefined : decodeUtf8(bytes)
  return text === undefined ? { format: 'base64', text: bytes.toString('base64') } : { format: 'text', text }
}
