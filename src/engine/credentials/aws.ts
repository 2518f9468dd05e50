/** Signs requests to AWS (Signature Version 4). The library is loaded when it is first needed. */
import type { AwsCredentials } from '../../shared/credentials.ts'
import { Failure } from '../../shared/failure.ts'
import { protocolIn } from '../../shared/transports.ts'
import type { OutgoingRequest } from '../../transport/request-hook.ts'
import { CONNECT, withHeader } from './request-changes.ts'
import type { Scheme, SchemeHost } from './scheme.ts'

/** What signing sets in a request. The fields of the user stay as they are. */
const SET_FIELDS = ['authorization', 'x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256']

export function aws(credentials: AwsCredentials, host: SchemeHost): Scheme {
  return {
    async outgoing(request) {
      const { signed, signature } = await signedRequest(request, credentials)
      host.hold([signature])
      return signed
    },
  }
}

export interface Signed {
  readonly signed: OutgoingRequest
  readonly signature: string
}

/**
 * The request with a signature in its header or its URL. `date`, such as 20150830T123600Z, is now by default. Of the header
 * fields, only those of AWS are signed, because a proxy may change others. For a WebSocket, the method signed is GET, as AWS documents
 * it, also over HTTP/2: gateways make GET of CONNECT. Rejects with a `Failure` `BAD_CREDENTIALS`.
 */
export async function signedRequest(
  request: OutgoingRequest,
  { in: place, ...credentials }: AwsCredentials,
  date?: string,
): Promise<Signed> {
  const { AwsV4Signer } = await import('aws4fetch')
  const { url, body } = request
  const method = request.method === CONNECT ? 'GET' : request.method
  const signable = new URL(`${protocolIn('http', url.protocol)}${url.href.slice(url.protocol.length)}`)
  signable.username = ''
  signable.password = ''
  const fields = Object.entries(request.headers).flatMap(([name, value]) =>
    /^x-amz-/i.test(name) ? [[name, [value].flat().join(',')] as [string, string]] : [],
  )
  const signer = new AwsV4Signer({
    ...credentials,
    ...{ url: signable.href, method, headers: fields, signQuery: place === 'query' },
    ...(body !== undefined && { body: Uint8Array.from(body) }),
    ...(date !== undefined && { datetime: date }),
  })
  if (signer.service === '')
    throw new Failure(
      'BAD_CREDENTIALS',
      `The AWS service is not known from the host name ${url.host}; give the service and the region of the credentials.`,
    )
  const { url: signedUrl, headers } = await signer.sign()
  const target = new URL(url)
  target.search = signedUrl.search
  let signed: OutgoingRequest = { ...request, url: target }
  for (const name of SET_FIELDS) {
    const value = headers.get(name)
    if (value !== null) signed = withHeader(signed, name, value)
  }
  return { signed, signature: signatureIn(signedUrl, headers) }
}

function signatureIn(url: URL, headers: Headers): string {
  return (
    url.searchParams.get('X-Amz-Signature') ??
    /Signature=([\da-f]+)/.exec(headers.get('authorization') ?? '')?.[1] ??
    ''
  )
}
