/** A line of a payload as it is read in the list: JSON without its outer braces, with quiet keys, and without the key that *Type* shows. */
import { NAMING_FIELDS } from '../../../src/shared/naming-fields.ts'

export interface Piece {
  readonly role: 'key' | 'text'
  readonly text: string
  /** Of a key of the outermost object: its name. */
  readonly field?: string
}

/** A string, which may be cut, a delimiter, or another token. Sticky, so that a scan never looks back. */
const TOKEN =
  /[\s\u2409\u240a\u240d]*(?:("(?:[^"\\]|\\.)*"?)|([{}[\],:])|([^\s"{}[\],:\u2409\u240a\u240d]+))/sy
const PLAIN_NAME = /^"([\p{L}_$][\p{L}\p{N}_$-]*)"$/u

interface Token {
  readonly text: string
  readonly depth: number
  readonly is: 'string' | 'delimiter' | 'other'
  /** Whether it is the name of a member. */
  readonly isKey: boolean
}

/** The pieces of a preview. `name` is what *Type* shows. */
export function piecesOf(text: string, name: string): readonly Piece[] {
  return /^\s*\{/.test(text) ? objectPieces(text, name) : [{ role: 'text', text }]
}

function objectPieces(text: string, name: string): readonly Piece[] {
  const tokens = tokensOf(text)
  const left = namingMember(tokens, name)
  const pieces: Piece[] = []
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]
    if (token === undefined || token.depth === 0) continue
    if (left !== undefined && i >= left.from && i <= left.to) continue
    if (token.isKey) {
      const field = token.depth === 1 ? nameOf(token.text) : undefined
      const shown = PLAIN_NAME.exec(token.text)?.[1] ?? token.text
      pieces.push({ role: 'key', text: `${shown}: `, ...(field !== undefined && { field }) })
    } else if (token.is === 'delimiter' && token.text === ':') continue
    else if (token.text === ',') pieces.push({ role: 'text', text: ', ' })
    else pieces.push({ role: 'text', text: token.text })
  }
  const last = pieces.at(-1)
  if (last?.text === ', ') pieces.pop()
  const isCut = text.endsWith('…') && !(pieces.at(-1)?.text ?? '').endsWith('…')
  return isCut ? [...pieces, { role: 'text', text: ' …' }] : pieces
}

/** The tokens of an object. Those of its own members have depth 1, its braces depth 0. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  const open: string[] = []
  let isKey = false
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [, string, delimiter, other] = match
    if (delimiter === '}' || delimiter === ']') open.pop()
    tokens.push({
      text: string ?? delimiter ?? other ?? '',
      depth: open.length,
      is: string !== undefined ? 'string' : delimiter !== undefined ? 'delimiter' : 'other',
      isKey: isKey && string !== undefined,
    })
    if (delimiter === '{' || delimiter === '[') open.push(delimiter)
    if (delimiter === '{' || (delimiter === ',' && open.at(-1) === '{')) isKey = true
    else if (string !== undefined || delimiter === ':') isKey = false
  }
  return tokens
}

interface Span {
  readonly from: number
  readonly to: number
}

/** The member by which the message says its name, with the comma beside it. */
function namingMember(tokens: readonly Token[], name: string): Span | undefined {
  let best: (Span & { readonly rank: number }) | undefined
  for (let i = 0; i + 2 < tokens.length; i++) {
    const [key, , value] = tokens.slice(i, i + 3)
    if (key === undefined || value === undefined || !key.isKey || key.depth !== 1) continue
    const rank = NAMING_FIELDS.indexOf(nameOf(key.text))
    if (rank < 0 || rank >= (best?.rank ?? NAMING_FIELDS.length)) continue
    if (value.is !== 'string' || nameOf(value.text) !== name) continue
    const isLast = tokens[i + 3]?.text !== ','
    best = isLast
      ? { rank, from: i - (tokens[i - 1]?.text === ',' ? 1 : 0), to: i + 2 }
      : { rank, from: i, to: i + 3 }
  }
  return best
}

/** The field by which a JSON message says its name. */
export function namingField(text: string, name: string): string | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  const tokens = tokensOf(text)
  const member = namingMember(tokens, name)
  const key = tokens.slice(member?.from, member?.to).find(({ isKey }) => isKey)
  return member === undefined || key === undefined ? undefined : nameOf(key.text)
}

/** A quoted name without quotes and escapes. */
function nameOf(quoted: string): string {
  try {
    return String(JSON.parse(quoted))
  } catch {
    return quoted
  }
}
