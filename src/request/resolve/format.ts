/** How the text of a body or a message becomes bytes. */
import { type ComposedMessage, MESSAGE_FORMATS } from '../../shared/compose/compose.ts'
import type { Written } from '../file/request-file.ts'

/** The format of `# @format FORMAT`; undefined if there is none. Another word is a problem of the file. */
export function formatOf(written: Written | undefined): ComposedMessage['format'] | undefined {
  return MESSAGE_FORMATS.find((format) => format === written?.text)
}
