/** Names from payloads in sentences. */
import { shortened } from '../../shared/text/shortened.ts'

const MAX_NAME = 60

/** A name between backticks, on one line and not too long. */
export function quoted(name: string): string {
  return `\`${shortened(name.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').replaceAll('`', "'"), MAX_NAME)}\``
}
