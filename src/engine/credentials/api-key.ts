/** Sends an API key. */
import { type ApiKeyCredentials, keySubprotocols } from '../../shared/credentials.ts'
import { Failure } from '../../shared/failure.ts'
import { withHeader, withParam } from './request-changes.ts'
import type { Scheme } from './scheme.ts'

export function apiKey({ in: place, name, value }: ApiKeyCredentials): Scheme {
  return {
    outgoing(request) {
      if (place === 'header') return withHeader(request, name, value)
      if (place === 'query') return withParam(request, name, value)
      const { subprotocols } = request
      if (subprotocols === undefined)
        throw new Failure(
          'BAD_CREDENTIALS',
          'The API key cannot be sent as a subprotocol, which only WebSockets have; send it in a header.',
        )
      return { ...request, subprotocols: [...subprotocols, ...keySubprotocols({ name, value })] }
    },
  }
}
