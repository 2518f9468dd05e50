/** Sends an access token of OAuth 2 (RFC 6750). */
import type { OAuthCredentials } from '../../shared/credentials.ts'
import type { OutgoingRequest, ResponseHead } from '../../transport/request-hook.ts'
import { AccessToken } from './access-token.ts'
import { withHeader } from './request-changes.ts'
import type { Scheme, SchemeHost } from './scheme.ts'

export class OAuth implements Scheme {
  readonly #token: AccessToken

  constructor(credentials: OAuthCredentials, host: SchemeHost) {
    this.#token = new AccessToken(credentials, host)
  }

  async begin(): Promise<void> {
    await this.#token.begin()
  }

  async outgoing(request: OutgoingRequest): Promise<OutgoingRequest> {
    const { token, scheme = 'Bearer' } = await this.#token.forRequest(request.url.href)
    return withHeader(request, 'authorization', `${scheme} ${token}`)
  }

  async received(_sent: OutgoingRequest, { status }: ResponseHead): Promise<boolean> {
    return await this.#token.received(status)
  }
}
