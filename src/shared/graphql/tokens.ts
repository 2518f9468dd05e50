/** The lexical tokens of a GraphQL document (https://spec.graphql.org/draft/#sec-Language.Source-Text). */

export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'punctuator'
  readonly text: string
  readonly start: number
  readonly end: number
}

const TOKEN = /([_A-Za-z]\w*)|(-?\d[\w.+-]*)|\.\.\.|[^\s,]/g
const LINE_END = /[\n\r]/g
/** An escaped character, or what ends a string. */
const STRING_PART = /\\.|["\n\r]/g
const BLOCK = '"""'

/** Where the string that starts at `start` ends, at the latest at the end of its line; undefined if it does not end. */
function stringEnd(text: string, start: number): number | undefined {
  STRING_PART.lastIndex = start + 1
  for (let part = STRING_PART.exec(text); part !== null; part = STRING_PART.exec(text))
    if (!part[0].startsWith('\\')) return STRING_PART.lastIndex
  return undefined
}

/** Where the block string that starts at `start` ends; undefined if it does not end. */
function blockEnd(text: string, start: number): number | undefined {
  let at = text.indexOf(BLOCK, start + BLOCK.length)
  while (at >= 0 && text[at - 1] === '\\') at = text.indexOf(BLOCK, at + BLOCK.length)
  return at < 0 ? undefined : at + BLOCK.length
}

function lineEnd(text: string, start: number): number | undefined {
  LINE_END.lastIndex = start
  return LINE_END.exec(text)?.index
}

/** The tokens of a document; undefined if it ends inside a string or a comment. */
export function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [whole, name, number] = match
    const start = match.index
    let end: number | undefined = TOKEN.lastIndex
    if (whole === '#') end = lineEnd(text, start)
    else if (whole === '"')
      end = text.startsWith(BLOCK, start) ? blockEnd(text, start) : stringEnd(text, start)
    if (end === undefined) return undefined
    TOKEN.lastIndex = end
    if (whole === '#') continue
    const kind =
      name !== undefined ? 'name' : number !== undefined ? 'number' : whole === '"' ? 'string' : 'punctuator'
    tokens.push({ kind, text: whole, start, end })
  }
  return tokens
}
