/** Which header fields, parameters and members have secret values, by name. */
import type { Masking } from './masking.ts'

const SECRET =
  /token|secret|passw|passphrase|passcode|pwd|signature|credential|jwt|bearer|apikey|accesskey|session|sessid|csrf|xsrf|hmac|cookie|auth|codeverifier/

/** Names that are secret only as a whole. */
const SECRET_NAME = new Set([
  'key',
  'sig',
  'pass',
  'pw',
  'pin',
  'code',
  'ticket',
  'otp',
  'totp',
  'sas',
  'sid',
  'assertion',
  'clientassertion',
  'samlresponse',
  'devicecode',
  'usercode',
  'dpop',
  'hdnea',
  'hdnts',
  'hdntl',
])

/** Last words that make any name secret. */
const SECRET_ENDING = new Set(['sig', 'ticket', 'sid', 'pass', 'otp', 'pin', 'pw'])

/** Names of cursors, counters and challenges that contain one of the words above. */
const HARMLESS =
  /(page|paging|pagination|next|sync|continuation|continue|cursor|resume|time|change|start|starting|previous|prev|skip|delta|since|batch|progress|partialresult|workdone|cancel|cancellation)token|token(s|type|count|limit|iz)|secretar|author(?!iz|is)|authenticate|authuser/g

/**
 * Keys that are not secret, and words that end in `key`. The key of a WebSocket handshake is a nonce (RFC 6455 section
 * 1.3).
 */
const HARMLESS_KEY =
  /(websocket|idempotency|surrogate|cache|partition|routing|sort|room|group|primary|foreign|public|row|object|message|mon|don|tur|hot|short)key\d?$/

/** Names that are secret in URLs and forms, but usually not in other texts. */
const AMBIGUOUS = new Set(['code', 'key', 'pass', 'pin', 'ticket', 'assertion'])

/** Only this many characters at the end of a name are checked; no real name is longer. */
const LONGEST_NAME = 256

/** Whether a member or parameter with this name has a secret value. */
export function isSecretName(name: string, { names }: Masking = {}): boolean {
  if (names?.has(name.toLowerCase())) return true
  const known = name.slice(-LONGEST_NAME)
  const compact = known.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  if (SECRET.test(compact.replaceAll(HARMLESS, ''))) return true
  if (SECRET_NAME.has(compact)) return true
  if (compact.endsWith('key')) return !HARMLESS_KEY.test(compact)
  const lastWord =
    known
      .replaceAll(/[a-z0-9](?=[A-Z])/g, '$& ')
      .toLowerCase()
      .split(/[^a-z0-9]/)
      .findLast((word) => word !== '') ?? ''
  return SECRET_ENDING.has(lastWord)
}

/** Whether a header field with this name has a secret value. */
export function isSecretHeader(name: string, masking: Masking = {}): boolean {
  const lower = name.toLowerCase()
  if (masking.names?.has(lower)) return true
  if (lower.startsWith('access-control-') || lower.startsWith('sec-websocket-')) return false
  return lower !== 'code' && isSecretName(lower)
}

/** Whether a query parameter with this decoded name has a secret value. */
export function isSecretParam(name: string, masking: Masking = {}): boolean {
  return isSecretName(name, masking)
}

/** As `isSecretName`, for a name in any text, where a `code` is usually a status and `pass` a test result. */
export function isSecretInText(name: string, masking: Masking = {}): boolean {
  const lower = name.toLowerCase()
  return masking.names?.has(lower) === true || (!AMBIGUOUS.has(lower) && isSecretName(name, masking))
}
