/** The event that starts an attempt. */

import { maskCredentials } from '../shared/credentials.ts'
import type { ConnectEvent } from '../shared/event.ts'
import type { ConnectionSpec } from '../shared/spec.ts'

/** The whole spec for the first attempt, without the private key, its passphrase, and the secrets of credentials; the URL for later ones. */
export function connectEvent(
  spec: ConnectionSpec,
  base: Omit<ConnectEvent, keyof ConnectionSpec> & Pick<ConnectEvent, 'transport' | 'url'>,
): ConnectEvent {
  if (base.attempt > 0) return base
  const { tls, credentials, tokens: _tokens, ...rest } = spec
  const others = { ...rest, ...(credentials && { credentials: maskCredentials(credentials) }) }
  if (tls === undefined) return { ...others, ...base }
  const { key: _privateKey, passphrase: _, ...publicTls } = tls
  return { ...others, tls: publicTls, ...base }
}
