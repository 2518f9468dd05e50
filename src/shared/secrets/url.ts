/** Masks secrets in URLs: user information, tokens in paths, parameters by name and by format. */
import { looksRandom, looksSecret } from './credential-formats.ts'
import { hide, MASK, type Masking, TOKEN_VALUE, USERINFO } from './masking.ts'
import { isSecretInText, isSecretName, isSecretParam } from './names.ts'
import { maskPairs } from './pairs.ts'

/** How many times a name may be percent-encoded, or a URL nested in another. */
const MAX_NESTING = 3

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    // The percent-encoding is not valid, so the text itself is checked.
    return text
  }
}

/** A parameter's name, decoded as often as it is encoded; for `#/route?name`, the part after the `?`. */
function decodeName(text: string): string {
  let name = text
  for (let times = 0; times < MAX_NESTING && name.includes('%'); times++) name = decode(name)
  return name.slice(name.lastIndexOf('?') + 1)
}

/** Masks a `name=value` of a query or fragment. The value may itself be a URL or JSON, encoded or not. */
function maskParam(param: string, masking: Masking, depth: number): string {
  const equals = param.indexOf('=')
  if (equals < 0) {
    const decoded = decode(param)
    if (looksSecret(decoded)) return hide(TOKEN_VALUE, masking) ? MASK : param
    return decoded !== param && hidesWithin(decoded, masking, depth) ? MASK : param
  }
  const name = decodeName(param.slice(0, equals))
  const value = param.slice(equals + 1)
  if (value === '') return param
  const decoded = decode(value)
  const hidden = () => `${param.slice(0, equals)}=${MASK}`
  if (isSecretParam(name, masking) || looksSecret(decoded)) return hide(name, masking) ? hidden() : param
  return hidesWithin(decoded, masking, depth) ? hidden() : param
}

/** Whether a decoded part of a URL is a URL or JSON that contains a secret. */
function hidesWithin(decoded: string, masking: Masking, depth: number): boolean {
  const isUrl = /[?#]|:\/\//.test(decoded)
  if (isUrl && depth >= MAX_NESTING) return hide(TOKEN_VALUE, masking)
  return (
    (isUrl && maskUrlAt(decoded, masking, depth + 1) !== decoded) ||
    (/^\s*[[{"]/.test(decoded) && maskNamed(decoded, masking) !== decoded)
  )
}

function maskParams(params: string, masking: Masking, depth: number): string {
  return params.replaceAll(/[^&#]+/g, (piece) => {
    // Some servers also separate parameters by semicolons. A secret masks everything up to the next `&`.
    const parts = piece.split(';')
    for (const [index, part] of parts.entries()) {
      const masked = maskParam(part, masking, depth)
      if (masked !== part) return [...parts.slice(0, index), masked].join(';')
    }
    return piece
  })
}

/** The text with the values next to secret names replaced by `***`. */
export function maskNamed(text: string, masking: Masking): string {
  return maskPairs(text, {
    isSecret: (name) => isSecretInText(name, masking),
    hide: (name) => hide(name, masking),
  })
}

/**
 * The credentials of a URL as the WHATWG URL parser finds them: after the scheme and its slashes, up to the last `@`.
 */
const USERINFO_PATTERN =
  /^((?:(?:https?|wss?|ftp):[/\\]*|[a-z][a-z0-9+.-]*:[/\\]{2,}|[/\\]{2,}|)?)([^/\\?#]+)@/i
/** Credentials of a URL within another, as proxies accept it: `http://proxy/https://user:pass@host/`. */
const INNER_USERINFO = /:\/\/[^/\\?#&\s]+@/g

/** Path segments that a webhook's identifiers follow. */
const HOOK = /^(?:web-?hooks?|hooks?|webhookb2|incomingwebhook)$/i
/** Services whose clients are authenticated only by the path: everything that follows is a token. */
const TOKEN_PATHS = [
  // Slack
  /^([a-z]+:\/\/hooks\.slack(?:-gov)?\.com\/[a-z]+\/[^/]+\/[^/]+\/)([^?#]+)/i,
  // Infura, Alchemy and QuickNode: WebSockets of blockchain nodes
  /^([a-z]+:\/\/[^/?#]+\.(?:infura\.io|alchemy\.com|alchemyapi\.io)\/(?:ws\/)?v\d\/)([^/?#]+)/i,
  /^([a-z]+:\/\/[^/?#]+\.quiknode\.pro\/)([^/?#]+)/i,
  // Discord
  /(\/webhooks\/\d+\/)([^/?#]+)/i,
  // Telegram
  /(\/bot)(\d+:[^/?#]+)/,
  // Zapier
  /(\/hooks\/catch\/\d+\/)([^/?#]+)/i,
  // IFTTT
  /(\/with\/key\/)([^/?#]+)/i,
] as const
/** A plain word, version or number, and a segment whose name makes the next one secret. */
const PLAIN_SEGMENT = /^(?:[a-z][a-z_-]*|v?\d{1,15}|)$/
const NAMED_SEGMENT = /token|secret|passw|apikey|api[-_]key|^key$/i

/** Masks a segment of a path, given the previous one. */
function maskSegment(segment: string, before: string, afterHook: boolean, masking: Masking): string {
  if (segment === '' || segment.includes(MASK)) return segment
  const isNamed = NAMED_SEGMENT.test(before) && isSecretName(before) && !PLAIN_SEGMENT.test(segment)
  if (isNamed || looksSecret(segment) || (afterHook && looksRandom(segment)))
    return hide(TOKEN_VALUE, masking) ? MASK : segment
  if (!segment.includes('=')) return segment
  // `;jsessionid=…` (RFC 3986 section 3.3), and `name=value` as a segment.
  return segment
    .split(';')
    .map((part) => {
      const equals = part.indexOf('=')
      const name = decodeName(part.slice(0, Math.max(equals, 0)))
      if (equals < 0 || equals === part.length - 1 || !isSecretParam(name, masking)) return part
      return hide(name, masking) ? `${part.slice(0, equals)}=${MASK}` : part
    })
    .join(';')
}

function maskSegments(path: string, masking: Masking, depth: number): string {
  let afterHook = false
  let before = ''
  return path
    .split('/')
    .map((segment) => {
      if (segment.includes('%') && hidesWithin(decode(segment), masking, depth)) return MASK
      const masked = maskSegment(segment, before, afterHook, masking)
      afterHook ||= HOOK.test(segment) || /^(?:hooks?|webhooks?)\./i.test(segment)
      before = segment
      return masked
    })
    .join('/')
}

export function maskUrlAt(url: string, masking: Masking, depth: number): string {
  const start = url.search(/[?#]/)
  let path = start < 0 ? url : url.slice(0, start)
  const userinfo = USERINFO_PATTERN.exec(path)
  if (userinfo !== null && userinfo[2] !== MASK && hide(USERINFO, masking))
    path = `${userinfo[1] ?? ''}${MASK}@${path.slice(userinfo[0].length)}`
  for (const pattern of TOKEN_PATHS) {
    const token = pattern.exec(path)?.[2]
    if (token !== undefined && token !== MASK && hide(TOKEN_VALUE, masking))
      path = path.replace(pattern, `$1${MASK}`)
  }
  path = maskSegments(path, masking, depth)
  const masked =
    start < 0 ? path : path + url.charAt(start) + maskParams(url.slice(start + 1), masking, depth)
  const hidden = `://${MASK}@`
  return masked.replaceAll(INNER_USERINFO, (inner) =>
    inner === hidden || !hide(USERINFO, masking) ? inner : hidden,
  )
}

/** The latest result: each event of a connection, and each of many alike, names the same URL. */
let latest = { url: '', masked: '' }

/**
 * The URL with its credentials and secret parameters replaced by `***`. Everything else is unchanged. Accepts any
 * string: absolute or relative, valid or not.
 */
export function maskUrl(url: string, masking?: Masking): string {
  if (masking !== undefined) return maskUrlWith(url, masking)
  if (url !== latest.url) latest = { url, masked: maskUrlWith(url, {}) }
  return latest.masked
}

function maskUrlWith(url: string, masking: Masking): string {
  // URL parsers ignore tabs and newlines anywhere, so a secret could hide behind them.
  const clean = url.replaceAll(/[\t\r\n]/g, '').trimStart()
  const masked = maskUrlAt(clean, masking, 0)
  return masked === clean ? url : masked
}

/** A form (application/x-www-form-urlencoded) with its secret fields replaced by `***`. */
export function maskForm(form: string, masking: Masking = {}): string {
  return maskParams(form, masking, 0)
}
