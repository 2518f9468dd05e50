/** Makes the response to a digest challenge (RFC 7616 section 3.4). */
import { createHash, randomBytes } from 'node:crypto'
import type { Challenge } from './challenges.ts'

/** The algorithms by their names in lower case, as Node names them. The strongest is last. */
const HASHES: Readonly<Record<string, string>> = {
  md5: 'md5',
  'md5-sess': 'md5',
  'sha-256': 'sha256',
  'sha-256-sess': 'sha256',
  'sha-512-256': 'sha512-256',
  'sha-512-256-sess': 'sha512-256',
}
const STRENGTHS = Object.keys(HASHES)

/** A challenge that can be answered. */
export interface DigestChallenge {
  readonly realm: string
  readonly nonce: string
  readonly opaque: string | undefined
  /** As the server writes it; undefined if it does not, which means MD5. */
  readonly algorithm: string | undefined
  /** Undefined for a server of RFC 2069. */
  readonly qop: 'auth' | 'auth-int' | undefined
  /** The user's name is sent hashed. */
  readonly isUserHashed: boolean
  /** The nonce is too old, but user and password are right. */
  readonly isStale: boolean
}

/** The strongest challenge that can be answered; undefined if there is none. */
export function digestChallenge(challenges: readonly Challenge[]): DigestChallenge | undefined {
  const usable = challenges.flatMap(({ scheme, params }) => {
    const algorithm = params.get('algorithm')
    const strength = STRENGTHS.indexOf(algorithm?.toLowerCase() ?? 'md5')
    const nonce = params.get('nonce')
    const offered = params
      .get('qop')
      ?.toLowerCase()
      .split(/[\s,]+/)
    const qop = (['auth', 'auth-int'] as const).find((each) => offered?.includes(each))
    if (
      scheme !== 'digest' ||
      strength < 0 ||
      nonce === undefined ||
      (offered !== undefined && qop === undefined)
    )
      return []
    const flag = (name: string) => params.get(name)?.toLowerCase() === 'true'
    const challenge: DigestChallenge = {
      ...{ realm: params.get('realm') ?? '', nonce, opaque: params.get('opaque'), algorithm, qop },
      ...{ isUserHashed: flag('userhash'), isStale: flag('stale') },
    }
    return [{ strength, challenge }]
  })
  return usable.toSorted((a, b) => b.strength - a.strength)[0]?.challenge
}

export interface DigestRequest {
  readonly user: string
  readonly password: string
  readonly method: string
  /** The request target, as it is in the request line. */
  readonly uri: string
  readonly body: Uint8Array | undefined
  /** How often the nonce was used, with this request. */
  readonly count: number
  /** Default: a random one. */
  readonly cnonce?: string
}

/** The value of the `Authorization` header. */
export function digestResponse(challenge: DigestChallenge, request: DigestRequest): string {
  const { realm, nonce, opaque, algorithm, qop, isUserHashed } = challenge
  const { user, password, method, uri, body = new Uint8Array(), count } = request
  const { cnonce = randomBytes(16).toString('base64url') } = request
  const name = algorithm?.toLowerCase() ?? 'md5'
  const hash = (...parts: readonly string[]) => hashOf(name, parts.join(':'))
  const nc = count.toString(16).padStart(8, '0')
  const secret = hash(user, realm, password)
  const a1 = name.endsWith('-sess') ? hash(secret, nonce, cnonce) : secret
  const a2 = qop === 'auth-int' ? hash(method, uri, hashOf(name, body)) : hash(method, uri)
  const response = qop === undefined ? hash(a1, nonce, a2) : hash(a1, nonce, nc, cnonce, qop, a2)
  const needsCnonce = qop !== undefined || name.endsWith('-sess')
  const params = [
    userParam(isUserHashed ? hash(user, realm) : user, isUserHashed),
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    `response="${response}"`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(qop === undefined ? [] : [`qop=${qop}`, `nc=${nc}`]),
    ...(needsCnonce ? [`cnonce="${cnonce}"`] : []),
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(isUserHashed ? ['userhash=true'] : []),
  ]
  return `Digest ${params.join(', ')}`
}

function hashOf(algorithm: string, content: string | Uint8Array): string {
  return createHash(HASHES[algorithm] ?? 'md5')
    .update(content)
    .digest('hex')
}

/** A name outside ASCII is sent by RFC 8187. */
function userParam(user: string, isHashed: boolean): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it matches ASCII
  if (isHashed || /^[\x00-\x7f]*$/.test(user)) return `username=${quoted(user)}`
  const encoded = encodeURIComponent(user).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `username*=UTF-8''${encoded}`
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`
}
