/**
 * Phoenix channels, whose messages may have binary payloads.
 * https://github.com/phoenixframework/phoenix/blob/main/lib/phoenix/socket/serializers/v2_json_serializer.ex
 */
import type { Decoder } from '../../decoder.ts'
import { translated } from '../translated.ts'
import { messageIn } from './binary-frames.ts'

export function phoenixWith(json: Decoder): Decoder {
  return translated(json, ({ binary, payload, direction }) =>
    binary ? JSON.stringify(messageIn(payload, direction)) : undefined,
  )
}
