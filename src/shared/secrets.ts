/**
 * Decides what is a secret, and masks it. Names decide first (headers, query parameters), then what a value looks like.
 * In doubt a value is masked; what a poll resumes from stays readable.
 */
import type { Headers } from './event.ts'
import { looksSecret } from './secrets/credential-formats.ts'
import { hide, MASK, type Masking } from './secrets/masking.ts'
import { isSecretHeader, isSecretName } from './secrets/names.ts'
import { maskText } from './secrets/text.ts'
import { maskUrl } from './secrets/url.ts'

export { looksSecret } from './secrets/credential-formats.ts'
export { MASK, type Masking, USERINFO } from './secrets/masking.ts'
export { isSecretHeader, isSecretParam } from './secrets/names.ts'
export { maskText } from './secrets/text.ts'
export { maskForm, maskUrl } from './secrets/url.ts'
export { maskValues } from './secrets/values.ts'

/**
 * Subprotocols with credentials masked. Some servers accept a token as a subprotocol (`bearer, TOKEN`;
 * `base64url.bearer.authorization.k8s.io.TOKEN`; `openai-insecure-api-key.KEY`).
 */
export function maskSubprotocols(subprotocols: readonly string[], masking: Masking = {}): string[] {
  let afterMarker = false
  return subprotocols.map((subprotocol) => {
    const secret = isSecretName(subprotocol)
    const marker = secret && /^[a-z_-]{1,24}$/i.test(subprotocol)
    const hidden = afterMarker || (secret && !marker) || looksSecret(subprotocol)
    // A name with a dot already contains its token.
    afterMarker = secret && !subprotocol.includes('.')
    return hidden && hide('sec-websocket-protocol', masking) ? MASK : subprotocol
  })
}

function maskValue(name: string, value: string, masking: Masking): string {
  const lower = name.toLowerCase()
  if (isSecretHeader(name, masking) || looksSecret(value)) return hide(name, masking) ? MASK : value
  if (lower === 'sec-websocket-protocol')
    return maskSubprotocols(
      value.split(',').map((each) => each.trim()),
      masking,
    ).join(', ')
  if (lower === 'location' || lower === 'content-location' || lower === 'referer')
    return maskUrl(value, masking)
  return maskText(value, masking)
}

/** Header fields with secret values replaced by `***`, and with URLs in other values masked. */
export function maskHeaders(headers: Headers, masking: Masking = {}): Headers {
  const masked: Record<string, string | readonly string[]> = Object.create(null)
  for (const [name, value] of Object.entries(headers)) {
    masked[name] =
      typeof value === 'string'
        ? maskValue(name, value, masking)
        : value.map((each) => maskValue(name, each, masking))
  }
  return { ...masked }
}
