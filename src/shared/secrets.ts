/**
 * What counts as a secret, and how it is hidden. Names decide first (headers, query parameters), then
 * what a value looks like. In doubt a value is hidden; what a poll resumes from stays readable.
 */
import type { Headers } from './event.ts'

export const MASK = '***'

/** The name under which `user:password@` in a URL is reported and revealed. */
export const USERINFO = 'user:password'
/** The name under which a token in a URL's path, or one recognised by its looks, is reported and revealed. */
const TOKEN_VALUE = 'token'

export interface Masking {
  /** Names that are not to be hidden; case does not matter. */
  readonly reveal?: readonly string[]
  /** Collects the names of what was hidden. */
  readonly masked?: Set<string>
}

const SECRET =
  /token|secret|passw|passphrase|pwd|signature|credential|jwt|bearer|apikey|accesskey|session|sessid|csrf|xsrf|hmac|cookie|auth/
const SECRET_WORD = new Set(['key', 'sig', 'pass', 'code', 'ticket', 'otp', 'sas', 'assertion'])

/** Cursors, counters and challenges that carry one of the words above. */
const HARMLESS =
  /(page|next|sync|continuation|continue|cursor|resume|time|change|start|previous|prev)token|token(s|type|count|limit)|author(?!iz|is)|authenticate|authuser/g

/** Keys that lock nothing; the handshake's own key is a nonce (RFC 6455 section 1.3). */
const HARMLESS_KEY =
  /(websocket|idempotency|surrogate|cache|partition|routing|sort|room|group|primary)key\d?$/

function isSecretName(name: string): boolean {
  const compact = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  if (SECRET.test(compact.replaceAll(HARMLESS, ''))) return true
  if (SECRET_WORD.has(compact)) return true
  if (compact.endsWith('key')) return !HARMLESS_KEY.test(compact)
  const lastWord =
    name
      .toLowerCase()
      .split(/[^a-z0-9]/)
      .at(-1) ?? ''
  return lastWord === 'sig' || lastWord === 'ticket'
}

/** Whether a header field's value is to be hidden, by its name. */
export function isSecretHeader(name: string): boolean {
  const lower = name.toLowerCase()
  if (lower.startsWith('access-control-') || lower.startsWith('sec-websocket-')) return false
  return lower !== 'code' && isSecretName(lower)
}

/** Whether a query parameter's value is to be hidden, by its (decoded) name. */
export function isSecretParam(name: string): boolean {
  return isSecretName(name)
}

const LOOKS_SECRET =
  /\beyJ[\w-]{5,}\.[\w-]{2,}\.?|^(?:bearer|basic|digest|negotiate)\s+\S|\b(?:sk|pk|rk)[-_](?:live|test|proj|ant)[-_]\w|\b(?:gh[pousr]|github_pat|glpat|xox[abprs])[-_]\w{8}/i

/** Whether a value looks like a credential whatever its name: a JSON Web Token, a Bearer value, a known prefix. */
function looksSecret(value: string): boolean {
  return LOOKS_SECRET.test(value)
}

/** True where `name` is to be hidden; notes it. */
function hide(name: string, masking: Masking): boolean {
  const lower = name.toLowerCase()
  if (masking.reveal?.some((revealed) => revealed.toLowerCase() === lower)) return false
  masking.masked?.add(name)
  return true
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    // Not valid percent-encoding: what stands there is what there is to look at.
    return text
  }
}

const MAX_NESTING = 3

/** Masks one `name=value` of a query or fragment; the value may itself be a URL, encoded or not. */
function maskParam(param: string, masking: Masking, depth: number): string {
  const equals = param.indexOf('=')
  if (equals < 0) {
    const decoded = decode(param)
    if (looksSecret(decoded)) return hide(TOKEN_VALUE, masking) ? MASK : param
    return decoded !== param && hidesWithin(decoded, masking, depth) ? MASK : param
  }
  const name = decode(param.slice(0, equals))
  const value = param.slice(equals + 1)
  if (value === '') return param
  const decoded = decode(value)
  const hidden = () => `${param.slice(0, equals)}=${MASK}`
  if (isSecretParam(name) || looksSecret(decoded)) return hide(name, masking) ? hidden() : param
  return hidesWithin(decoded, masking, depth) ? hidden() : param
}

/** Whether a decoded part of a URL is itself one with something to hide. */
function hidesWithin(decoded: string, masking: Masking, depth: number): boolean {
  return (
    depth < MAX_NESTING && /[?#]|:\/\//.test(decoded) && maskUrlAt(decoded, masking, depth + 1) !== decoded
  )
}

function maskParams(params: string, masking: Masking, depth: number): string {
  return params.replaceAll(/[^&#]+/g, (piece) => {
    // Some servers separate by semicolons too; a secret then hides the rest of its piece.
    const parts = piece.split(';')
    for (const [index, part] of parts.entries()) {
      const masked = maskParam(part, masking, depth)
      if (masked !== part) return [...parts.slice(0, index), masked].join(';')
    }
    return piece
  })
}

/** Where the WHATWG URL parser would look for credentials: after the scheme and its slashes, up to the last `@`. */
const USERINFO_PATTERN =
  /^((?:(?:https?|wss?|ftp):[/\\]*|[a-z][a-z0-9+.-]*:[/\\]{2,}|[/\\]{2,}|)?)([^/\\?#]+)@/i
/** Credentials of a URL within another, as proxies take it: `http://proxy/https://user:pass@host/`. */
const INNER_USERINFO = /:\/\/[^/\\?#&\s]+@/g
/** Telegram's API carries the token in the path. */
const BOT_PATH = /(\/bot)(\d+:[\w-]+)/

/** Masks the parts of a path that are percent-encoded URLs with something to hide. */
function maskEncodedSegments(path: string, masking: Masking, depth: number): string {
  if (!path.includes('%')) return path
  return path
    .split('/')
    .map((part) => (part.includes('%') && hidesWithin(decode(part), masking, depth) ? MASK : part))
    .join('/')
}

function maskUrlAt(url: string, masking: Masking, depth: number): string {
  const start = url.search(/[?#]/)
  let path = start < 0 ? url : url.slice(0, start)
  const userinfo = USERINFO_PATTERN.exec(path)
  if (userinfo !== null && hide(USERINFO, masking))
    path = `${userinfo[1] ?? ''}${MASK}@${path.slice(userinfo[0].length)}`
  if (BOT_PATH.test(path) && hide(TOKEN_VALUE, masking)) path = path.replace(BOT_PATH, `$1${MASK}`)
  if (looksSecret(path) && hide(TOKEN_VALUE, masking)) {
    path = path
      .split('/')
      .map((segment) => (looksSecret(segment) ? MASK : segment))
      .join('/')
  }
  path = maskEncodedSegments(path, masking, depth)
  const masked =
    start < 0 ? path : path + url.charAt(start) + maskParams(url.slice(start + 1), masking, depth)
  const hidden = `://${MASK}@`
  return masked.replaceAll(INNER_USERINFO, (inner) =>
    inner === hidden || !hide(USERINFO, masking) ? inner : hidden,
  )
}

/**
 * The URL with its credentials and secret parameters as `***`; all else stays byte for byte. Takes any
 * string: absolute or relative, parsable or not.
 */
export function maskUrl(url: string, masking: Masking = {}): string {
  // URL parsers ignore tabs and newlines wherever they stand, so they must not hide a secret from us.
  const clean = url.replaceAll(/[\t\r\n]/g, '').trimStart()
  const masked = maskUrlAt(clean, masking, 0)
  return masked === clean ? url : masked
}

/** Text with every URL in it masked. */
export function maskText(text: string, masking: Masking = {}): string {
  return text.replaceAll(/[^\s"'<>]+/g, (word) => {
    if (!word.includes('://')) return word.includes('?') ? maskUrlAt(word, masking, 0) : word
    return splitAtSchemes(word)
      .map((piece) => (piece.includes('://') || piece.includes('?') ? maskUrlAt(piece, masking, 0) : piece))
      .join('')
  })
}

/** Cuts before each `scheme://`. */
function splitAtSchemes(word: string): string[] {
  const pieces: string[] = []
  let from = 0
  for (let at = word.indexOf('://'); at >= 0; at = word.indexOf('://', at + 3)) {
    let head = at
    while (head > from && /[a-z0-9+.-]/i.test(word.charAt(head - 1))) head--
    if (head > from) pieces.push(word.slice(from, head))
    from = head
  }
  pieces.push(word.slice(from))
  return pieces
}

/**
 * Subprotocols with credentials masked: some servers take the token as one (`bearer, TOKEN`;
 * `base64url.bearer.authorization.k8s.io.TOKEN`; `openai-insecure-api-key.KEY`).
 */
export function maskSubprotocols(subprotocols: readonly string[], masking: Masking = {}): string[] {
  let afterMarker = false
  return subprotocols.map((subprotocol) => {
    const secret = isSecretName(subprotocol)
    const marker = secret && /^[a-z_-]{1,24}$/i.test(subprotocol)
    const hidden = afterMarker || (secret && !marker) || looksSecret(subprotocol)
    afterMarker = marker
    return hidden && hide('sec-websocket-protocol', masking) ? MASK : subprotocol
  })
}

function maskValue(name: string, value: string, masking: Masking): string {
  const lower = name.toLowerCase()
  if (isSecretHeader(name) || looksSecret(value)) return hide(name, masking) ? MASK : value
  if (lower === 'sec-websocket-protocol') return maskSubprotocols(value.split(/,\s*/), masking).join(', ')
  if (lower === 'location' || lower === 'content-location' || lower === 'referer')
    return maskUrl(value, masking)
  return maskText(value, masking)
}

/** Header fields with secret values as `***`, and with URLs in other values masked. */
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
