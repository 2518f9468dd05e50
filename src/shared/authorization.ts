/** How the engine asks for access tokens, which others fetch, keep and renew: the editor, or the terminal. */
import type { OAuthCredentials } from './credentials.ts'

/** Asks for an access token. Plain data, so that it can be passed to another thread. */
export interface AuthorizationRequest {
  readonly credentials: OAuthCredentials
  /** The URL that the connection requests. */
  readonly url: string
  /** An access token that the server has just refused, so that another one is needed. */
  readonly refused?: string
}

/** An access token (RFC 6749 section 5.1). */
export interface Authorization {
  readonly token: string
  /** The scheme in the `Authorization` header. Default `Bearer`. */
  readonly scheme?: string
  /** Milliseconds since 1970; undefined if it is not known. */
  readonly expiresAt?: number
}

/**
 * Gets an access token: a kept one that is still valid, or a new one. Rejects with a `Failure`: `AUTH` if another attempt
 * cannot help, `CANCELLED` if the user does not log in, or that of the network.
 */
export type Authorize = (request: AuthorizationRequest) => Promise<Authorization>

/** What the engine asks of the thread that started it. */
export type EngineHostMethods = {
  /** Settles as `Authorize` does. A person may have to log in. */
  authorize: { params: AuthorizationRequest; result: Authorization }
}
