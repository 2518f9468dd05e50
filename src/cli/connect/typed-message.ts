/** The message that a line of standard input stands for. */
import type { ComposedMessage } from '../../shared/compose/compose.ts'

const ESCAPES = [
  ['\\hex ', 'hex'],
  ['\\base64 ', 'base64'],
] as const

/**
 * A line is a text message, unless it begins with an escape: `\hex` or `\base64` and a space stand for a binary message
 * of the bytes that follow, and two backslashes for a text that begins with one.
 */
export function typedMessage(line: string): ComposedMessage {
  for (const [prefix, format] of ESCAPES)
    if (line.startsWith(prefix)) return { format, text: line.slice(prefix.length) }
  return { format: 'text', text: line.startsWith('\\\\') ? line.slice(1) : line }
}
