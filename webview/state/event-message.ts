/** An event's payload as a message to edit and send again. */

import * as l10n from '@vscode/l10n'
import type { ComposedMessage } from '../../src/shared/compose/compose.ts'
import { escapeTemplate } from '../../src/shared/compose/template.ts'
import { Failure } from '../../src/shared/failure.ts'
import type { EventDetail } from '../../src/shared/protocol.ts'
import { decodeUtf8, latin1 } from '../../src/shared/text/decode.ts'
import { toHex } from '../../src/shared/text/hex.ts'
import { isJsonText } from '../../src/shared/text/json-text.ts'

/** Bytes of the largest payload that is edited as a message. */
export const MOST_COMPOSED = 1024 * 1024
/** Bytes up to which a payload is shown as hex. Larger ones are shorter in base64. */
const MOST_HEX = 4096

/**
 * A message with the event's payload: text and JSON as they are, a binary message and invalid
 * UTF-8 as hex or base64. Throws a `Failure` if the payload is missing or incomplete.
 */
export function messageOf({ index, fields, payload, size, dropped }: EventDetail): ComposedMessage {
  const which = l10n.t('Event {0}', index + 1)
  if (dropped)
    throw new Failure(
      'NO_PAYLOAD',
      l10n.t('{0} cannot be sent again, because its payload was dropped.', which),
    )
  if (payload === undefined)
    throw new Failure('NO_PAYLOAD', l10n.t('{0} has no payload to send. Select a message.', which))
  if (payload.length < size)
    throw new Failure(
      'TOO_LARGE',
      l10n.t('{0} is too large to edit here ({1} bytes). Save it and send it as a file.', which, size),
    )
  const text = fields.opcode === 'binary' ? undefined : decodeUtf8(payload)
  if (text !== undefined) return { format: isJsonText(text) ? 'json' : 'text', text: escapeTemplate(text) }
  if (payload.length > MOST_HEX) return { format: 'base64', text: btoa(latin1(payload)) }
  return { format: 'hex', text: toHex(payload).replaceAll(/..(?=.)/g, '$& ') }
}
