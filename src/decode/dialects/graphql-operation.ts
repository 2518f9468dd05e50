/** Finds the name of the operation in a GraphQL document (https://spec.graphql.org/draft/#sec-Language.Operations). */

/** Maximum number of characters that are searched. */
const MAX_LENGTH = 16 * 1024
/** A comment, a string, a name, or another character. Sticky, and its alternatives begin differently. */
const TOKEN = /[\s,\ufeff]*(?:#[^\n\r]*|"""|"(?:[^"\\\n\r]|\\.)*"|([A-Za-z_]\w*)|(.))/sy
const OPERATIONS: ReadonlySet<string> = new Set(['query', 'mutation', 'subscription'])

/**
 * The name of the first operation of a document; if it is anonymous, its first field. Undefined if it has none in its
 * first 16,384 characters.
 */
export function operationName(document: string): string | undefined {
  const text = document.slice(0, MAX_LENGTH)
  let depth = 0
  let isFragment = false
  /** The token before was `query`, `mutation` or `subscription`. */
  let isOperation = false
  /** The first field, which may be an alias. */
  let field: string | undefined
  TOKEN.lastIndex = 0
  for (let token = TOKEN.exec(text); token !== null; token = TOKEN.exec(text)) {
    const [whole, name, sign] = token
    // A string does not end. Searching further would take quadratic time.
    if (sign === '"') return field
    if (whole.endsWith('"""')) {
      const end = text.indexOf('"""', TOKEN.lastIndex)
      if (end < 0) return field
      TOKEN.lastIndex = end + 3
      continue
    }
    if (field !== undefined) {
      // `alias: field`
      if (sign === ':') field = undefined
      else if (name !== undefined || sign !== undefined) return field
    } else if (name !== undefined) {
      if (isOperation) return name
      if (depth === 0 && name === 'fragment') isFragment = true
      else if (depth === 0) isOperation = !isFragment && OPERATIONS.has(name)
      else if (depth === 1 && !isFragment) field = name
      continue
    }
    if (name !== undefined) field = name
    if (sign === undefined) continue
    isOperation = false
    if (sign === '(' || sign === '[') depth += 2
    else if (sign === ')' || sign === ']') depth -= 2
    else if (sign === '{') depth++
    else if (sign === '}' && --depth === 0) isFragment = false
  }
  return field
}
